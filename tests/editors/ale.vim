" Drives Dockwright from a real Vim with ALE: vim -Nu NONE -es -S ale.vim BINARY WORKSPACE CONFIG
" The results go to WORKSPACE/results; the exit code is the number of failures.
let s:binary = argv(0)
let s:workspace = argv(1)
let s:results = []
let s:failures = 0

function! s:Check(name, ok, seen) abort
    call add(s:results, a:ok ? 'ok   ' . a:name : 'FAIL ' . a:name . ': saw ' . string(a:seen))
    let s:failures += a:ok ? 0 : 1
endfunction

function! s:WaitFor(condition) abort
    let l:tries = 0

    while !eval(a:condition) && l:tries < 150
        sleep 100m
        let l:tries += 1
    endwhile
endfunction

set hidden runtimepath^=/usr/share/vim-ale
let &runtimepath .= ',' . argv(2)
let g:ale_linters = {'dockerfile': ['dockwright']}
let g:ale_dockerfile_dockwright_executable = s:binary
let g:ale_lint_delay = 50
filetype plugin on
runtime plugin/ale.vim
call writefile(['FROM debian:13-slim AS Base', 'MAINTAINER me', 'CMD ["true"]'], s:workspace . '/Dockerfile')
execute 'edit' fnameescape(s:workspace . '/Dockerfile')
setlocal filetype=dockerfile
ALELint
call s:WaitFor('!empty(getloclist(0))')
let s:found = map(getloclist(0), {_, it -> it.lnum . ': ' . it.text})
call s:Check('findings are in the location list', match(s:found, '^2:.*MAINTAINER') >= 0, s:found)
call s:Check('ALE knows the server by name', match(map(ale#linter#Get('dockerfile'), {_, it -> it.name}), 'dockwright') >= 0, '')
call setline(2, '# gone')
ALELint
call s:WaitFor('match(map(getloclist(0), {_, it -> it.text}), "MAINTAINER") < 0')
let s:found = map(getloclist(0), {_, it -> it.lnum . ': ' . it.text})
call s:Check('an edit takes a finding away', match(s:found, 'MAINTAINER') < 0, s:found)
call add(s:results, (len(s:results) - s:failures) . ' passed, ' . s:failures . ' failed')
call writefile(s:results, s:workspace . '/results')
ALEStopAllLSPs
execute s:failures ? 'cquit!' : 'qall!'
