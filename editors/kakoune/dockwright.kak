# Dockwright for Kakoune with kakoune-lsp 18 and later: source it from kakrc, after kakoune-lsp itself.
hook -group dockwright global BufCreate .*/?(?:[Dd]ockerfile|[Cc]ontainerfile)(?:\.[^/]*)? %{ set-option buffer filetype dockerfile }
hook -group dockwright global BufCreate .*\.(?:dockerfile|containerfile) %{ set-option buffer filetype dockerfile }

hook -group dockwright global BufSetOption filetype=dockerfile %{
    set-option buffer lsp_language_id dockerfile
    set-option buffer lsp_servers %{
        [dockwright]
        command = "dockwright"
        args = ["lsp"]
        root_globs = ["dockwright.toml", ".dockerignore", "compose.yaml", ".git"]
        settings_section = "dockwright"
        [dockwright.settings.dockwright]
        profile = "recommended"
    }
}
