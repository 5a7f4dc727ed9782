" Dockwright for Vim with ALE: findings, fixes, hover, completion, definition, rename.
call ale#Set('dockerfile_dockwright_executable', 'dockwright')
call ale#Set('dockerfile_dockwright_config', {})

function! ale_linters#dockerfile#dockwright#ProjectRoot(buffer) abort
    for l:name in ['dockwright.toml', '.dockerignore', 'compose.yaml']
        let l:found = ale#path#FindNearestFile(a:buffer, l:name)

        if !empty(l:found)
            return fnamemodify(l:found, ':h')
        endif
    endfor

    return fnamemodify(bufname(a:buffer), ':p:h')
endfunction

call ale#linter#Define('dockerfile', {
\   'name': 'dockwright',
\   'lsp': 'stdio',
\   'executable': {buffer -> ale#Var(buffer, 'dockerfile_dockwright_executable')},
\   'command': '%e lsp',
\   'lsp_config': {buffer -> {'dockwright': ale#Var(buffer, 'dockerfile_dockwright_config')}},
\   'project_root': function('ale_linters#dockerfile#dockwright#ProjectRoot'),
\})
