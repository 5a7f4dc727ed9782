package main

import (
	"fmt"
	"net/http"
)

var version = "unknown"

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, version) })
	http.ListenAndServe(":8080", nil)
}
