"""Drives `dockwright lsp` over its real protocol with one real container engine. Usage: drive.py BINARY ENGINE WORK PROGRAM

Asserts what a user sees: a build that succeeds, one that fails on line 4, one that is cancelled, a run whose port
answers, a shell, a stop. Builds have no network and start from `scratch` with Debian's static BusyBox.
"""

import json
import os
import pty
import queue
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

BINARY, ENGINE, WORK, PROGRAM = sys.argv[1:]
LIMIT = 120
IS_PODMAN = ENGINE in ("podman", "buildah")
BUILD_OPTIONS = ["--network=host"] + (["--pull=never"] if IS_PODMAN else [])
MARK = f"3141{os.getpid()}"


class Client:
    """A language client: answers what servers ask, and keeps what they tell."""

    def __init__(self, folder):
        command = [BINARY, "lsp"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        self.messages = queue.Queue()
        self.answers, self.told, self.next = {}, [], 0
        self.diagnostics = {}
        threading.Thread(target=self.read, daemon=True).start()
        options = {"cli": {"program": PROGRAM}, "offline": True}
        capabilities = {"window": {"workDoneProgress": True}, "workspace": {"codeLens": {"refreshSupport": True}}}
        params = {"processId": os.getpid(), "rootUri": folder.as_uri(), "capabilities": capabilities}
        folders = [{"uri": folder.as_uri(), "name": "work"}]
        self.request("initialize", {**params, "workspaceFolders": folders, "initializationOptions": options})
        self.send({"method": "initialized", "params": {}})

    def read(self):
        out = self.process.stdout
        while True:
            length = 0
            while line := out.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return self.messages.put(None)
            self.messages.put(json.loads(out.read(length)))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def start(self, method, params):
        self.next += 1
        self.send({"id": self.next, "method": method, "params": params})
        return self.next

    def request(self, method, params):
        return self.answer(self.start(method, params))

    def answer(self, number):
        self.wait(lambda: number in self.answers, f"the answer to {number}")
        message = self.answers.pop(number)
        assert "error" not in message, message
        return message["result"]

    def wait(self, condition, what, limit=LIMIT):
        end = time.monotonic() + limit
        while not condition():
            try:
                message = self.messages.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"{what} did not come; last were {self.told[-5:]}") from None
            assert message is not None, f"the server is gone before {what} came"
            self.take(message)

    def take(self, message):
        if "method" not in message:
            self.answers[message["id"]] = message
            return
        if "id" in message:
            # Settings: nothing but the options of the start; everything else: yes.
            items = (message.get("params") or {}).get("items", [])
            self.send({"id": message["id"], "result": [None] * len(items) if items else None})
        if message["method"] == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        self.told.append(message)

    def open(self, path):
        document = {"uri": path.as_uri(), "languageId": "dockerfile", "version": 1, "text": path.read_text()}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def command(self, name, path, **fields):
        argument = {"uri": path.as_uri(), "buildOptions": BUILD_OPTIONS, **fields}
        return self.start("workspace/executeCommand", {"command": f"dockwright.{name}", "arguments": [argument]})

    def run(self, name, path, **fields):
        return self.answer(self.command(name, path, **fields))

    def has_told(self, text):
        return any(text in json.dumps(it) for it in self.told)

    def end(self):
        self.request("shutdown", None)
        self.send({"method": "exit"})
        assert self.process.wait(10) == 0


def project(name, dockerfile):
    folder = Path(WORK) / ENGINE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy("/bin/busybox", folder / "busybox")
    (folder / "index.html").write_text("it answers\n")
    (folder / "Dockerfile").write_text(dockerfile)
    return folder / "Dockerfile"


def processes_with(text):
    """Whoever has `text` on its command line, but for ourselves and those above us."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if text.encode() in command and int(folder.name) != os.getpid():
            found.append((int(folder.name), command.replace(b"\0", b" ").decode(errors="replace")))
    return found


def free_port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


def until(condition, what, limit=20):
    end = time.monotonic() + limit
    while not (value := condition()):
        assert time.monotonic() < end, what
        time.sleep(0.1)
    return value


def test_build_that_succeeds(client):
    path = project("good", 'FROM scratch\nCOPY busybox /bin/sh\nRUN echo made > /made\nCMD ["/bin/sh"]\n')
    client.open(path)
    result = client.run("build", path, tag="dockwright-good:1")
    assert result["ok"] and result["exitCode"] == 0 and result["imageId"], result
    again = client.run("build", path, tag="dockwright-good:1")
    assert again["ok"] and again["imageId"] == result["imageId"], (result, again)
    assert not [it for it in client.diagnostics.get(path.as_uri(), []) if it.get("source") == "docker build"]


def test_build_that_fails_on_line_4(client):
    text = "FROM scratch\nCOPY busybox /bin/sh\n# why\nRUN echo before; echo told >&2; exit 3\nCMD []\n"
    path = project("bad", text)
    client.open(path)
    result = client.run("build", path)
    assert not result["ok"] and result["exitCode"] != 0, result
    findings = lambda: [it for it in client.diagnostics.get(path.as_uri(), []) if it.get("source") == "docker build"]
    client.wait(lambda: findings(), "the error of the build")
    (finding,) = findings()
    assert finding["range"]["start"]["line"] == 3 and finding["range"]["end"]["line"] == 3, finding
    assert finding["severity"] == 1 and "told" in finding["message"] and "3" in finding["message"], finding
    # The next build that works takes the error away.
    path.write_text(text.replace("exit 3", "exit 0").replace("CMD []", 'CMD ["/bin/sh"]'))
    assert client.run("build", path)["ok"]
    client.wait(lambda: not findings(), "the end of the error")


def test_build_that_is_cancelled(client):
    path = project("slow", f"FROM scratch\nCOPY busybox /bin/sh\nRUN echo begun; sleep {MARK}\n")
    client.open(path)
    number = client.command("build", path)
    until(lambda: processes_with(f"sleep {MARK}") or processes_with(f"sleep\0{MARK}"), "the build did not begin", 60)
    since = time.monotonic()
    client.send({"method": "$/cancelRequest", "params": {"id": number}})
    # The command line goes at once; the daemon ends what runs in its container when it notices.
    ours = lambda: [it for it in processes_with(str(path.parent)) if "lsp" not in it[1]]
    until(lambda: not children(client.process.pid), "the command line is still there", 2.5)
    assert time.monotonic() - since < 2.5
    until(lambda: not processes_with(MARK), f"still there: {processes_with(MARK)}", 30)
    assert not ours(), ours()
    client.wait(lambda: number in client.answers, "the answer of the cancelled build", 10)
    client.answers.pop(number)


def children(pid):
    """Processes that `pid` started and that have not ended."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(folder.name))
    return found


def test_run_shell_and_stop(client):
    port = free_port()
    text = (
        "FROM scratch\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\nCOPY index.html /www/index.html\n"
        f'EXPOSE {port}\nCMD ["/bin/busybox", "httpd", "-f", "-p", "127.0.0.1:{port}", "-h", "/www"]\n'
    )
    path = project("server", text)
    client.open(path)
    result = client.run("buildAndRun", path, tag="dockwright-server:1", runOptions=["--network=host"])
    assert result["ok"] and result["containerId"], result
    container = result["containerId"]
    address = f"http://127.0.0.1:{port}/"
    assert until(lambda: fetched(address), f"nothing answers at {address}") == "it answers\n"
    until(lambda: any(str(port) in it for it in titles(client, path)), f"no lens has the address: {titles(client, path)}")
    shell = client.run("shell", path, dryRun=True)
    assert "said in the shell" in in_terminal(shell, "echo said in the shell\nexit\n"), shell
    logs = client.run("logs", path)
    assert logs["ok"], logs
    stopped = client.run("stop", path)
    assert stopped["ok"] and stopped["containerId"] == container, stopped
    until(lambda: fetched(address) is None, "it answers after it was stopped")
    assert client.run("remove", path)["ok"]
    listed = subprocess.run([PROGRAM, "ps", "-aq", "--no-trunc"], capture_output=True, text=True, check=True).stdout
    assert container not in listed, listed


def test_container_that_ends_by_itself(client):
    text = 'FROM scratch\nCOPY busybox /bin/sh\nCMD ["/bin/sh", "-c", "echo said; sleep 8; exit 3"]\n'
    path = project("ends", text)
    client.open(path)
    result = client.run("buildAndRun", path, tag="dockwright-ends:1", runOptions=["--network=none"])
    assert result["ok"], result
    # A server that is started while it runs finds it again.
    client.end()
    client.__init__(Path(WORK) / ENGINE)
    client.open(path)
    until(lambda: any("running" in it for it in titles(client, path)), f"not found again: {titles(client, path)}")
    logs = client.run("logs", path)
    assert logs["containerId"] == result["containerId"] and Path(logs["log"]).read_text() == "said\n", logs
    ended = "`dockwright-ends` ended with exit code 3"
    until(lambda: ended in titles(client, path), f"not ended: {titles(client, path)}", 30)
    client.wait(lambda: client.has_told(f"{ended} (its logs tell why)"), "the message")
    assert client.run("remove", path)["ok"]
    until(lambda: not children(client.process.pid), "somebody still waits for it", 5)


def test_stage_without_a_name(client):
    text = "FROM scratch\nCOPY busybox /a\nFROM scratch\nCOPY busybox /b\nFROM scratch\nCOPY --from=0 /a /c\n"
    path = project("unnamed", text)
    client.open(path)
    built = [it for it in titles(client, path) if it.startswith("Build stage")]
    if not IS_PODMAN:
        assert not built, built
        return
    assert [it.split(":")[0] for it in built] == ["Build stage 0", "Build stage 1"], built
    assert client.run("build", path, target="1")["ok"]
    listed = subprocess.run([PROGRAM, "images"], capture_output=True, text=True, check=True).stdout
    assert "stage-1" in listed, listed


def test_check(client):
    lines = [
        "# check=skip=JSONArgsRecommended", "FROM scratch as base", "# hadolint ignore=DL4000", "MAINTAINER me",
        "ENV API_TOKEN=x", "WORKDIR rel", "CMD echo hi",
    ]  # fmt: skip
    path = project("check", "\n".join(lines) + "\n")
    client.open(path)
    result = client.run("check", path)
    assert result["findings"] == 3, result
    at = lambda line: [it for it in client.diagnostics[path.as_uri()] if it["range"]["start"]["line"] == line - 1]
    client.wait(lambda: path.as_uri() in client.diagnostics, "diagnostics")
    # Each is said once, by us; what a comment switches off is not said at all.
    codes = {line: [it["code"] for it in at(line)] for line in (2, 4, 5, 6, 7)}
    expected = {2: ["from-as-case-mismatch"], 4: [], 5: ["secret-in-arg-or-env"], 6: ["relative-workdir"], 7: []}
    assert codes == expected, client.diagnostics
    path = project("clean", 'FROM scratch\nCOPY busybox /bin/sh\n')
    client.open(path)
    result = client.run("check", path)
    assert result["ok"] and result["findings"] == 0, result
    path = project("broken", "FROM scratch\nRUN --mount=type=foo ls\n")
    client.open(path)
    assert client.run("check", path)["findings"] == 1


def titles(client, path):
    lenses = client.request("textDocument/codeLens", {"textDocument": {"uri": path.as_uri()}})
    return [it.get("command", {}).get("title", "") for it in lenses or []]


def fetched(address):
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return answer.read().decode()
    except OSError:
        return None


def in_terminal(line, typed):
    """Runs `{argv, cwd, env}` in a terminal of its own, types, and returns what was to be seen."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(line["cwd"])
        os.execvpe(line["argv"][0], line["argv"], {**os.environ, **line["env"]})
    seen, end = b"", time.monotonic() + 30
    time.sleep(1)
    os.write(terminal, typed.encode())
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    os.close(terminal)
    os.waitpid(pid, 0)
    # What was typed is echoed; its answer comes once more.
    return seen.decode(errors="replace") if seen.count(b"said in the shell") > 1 else repr(seen)[:0]


def test_command_line(_client):
    path = project("line", "FROM scratch\nCOPY busybox /bin/sh\nCOPY nothere /x\n")
    command = [BINARY, "build", "--json", "--program", PROGRAM, str(path), "--", *BUILD_OPTIONS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    objects = [json.loads(it) for it in done.stdout.splitlines()]
    (error,) = [it for it in objects if it["type"] == "error"]
    assert error["line"] == 3 and error["cause"]["kind"] == "missing-source", error
    assert error["range"]["start"] == {"line": 3, "column": 6}, error
    assert done.returncode == objects[-1]["exitCode"] != 0, objects[-1]


def main():
    tests = [test_build_that_succeeds, test_build_that_fails_on_line_4, test_build_that_is_cancelled, test_command_line]
    tests.append(test_stage_without_a_name)
    # Buildah builds, and does not run.
    if ENGINE != "buildah":
        tests += [test_run_shell_and_stop, test_container_that_ends_by_itself]
    if ENGINE == "check":
        tests.append(test_check)
    folder = Path(WORK) / ENGINE
    folder.mkdir(parents=True, exist_ok=True)
    client = Client(folder)
    try:
        for test in tests:
            since = time.monotonic()
            test(client)
            print(f"   {test.__name__[5:]}: {time.monotonic() - since:.1f} s", flush=True)
        client.end()
    finally:
        client.process.kill()


if __name__ == "__main__":
    main()
