-- Drives Dockwright from a real, headless Neovim: nvim --headless -u NONE -l neovim.lua BINARY WORKSPACE CONFIG ENGINE [PARSER]
-- ENGINE stands in for docker.
-- Every check waits with a limit and names what it saw; the exit code is the number of failures.
local binary, workspace, config, engine, parser = arg[1], arg[2], arg[3], arg[4], arg[5]
local failures = 0
local passed = 0

local function check(name, ok, seen)
  if ok then
    passed = passed + 1
    print('ok   ' .. name)
  else
    failures = failures + 1
    print('FAIL ' .. name .. ': saw ' .. vim.inspect(seen))
  end
end

local function write(name, lines)
  local path = workspace .. '/' .. name
  vim.fn.writefile(lines, path)
  return path
end

local path = write('Dockerfile', {
  'ARG VERSION=3.13',
  'FROM python:${VERSION}-slim AS base',
  'MAINTAINER me <me@example.com>',
  'ENV APP_HOME=/app',
  'WORKDIR $APP_HOME',
  'COPY requirements.txt .',
  'RUN pip install \\',
  '-r requirements.txt',
  'FROM base AS final',
  'COPY --from=base /app /app',
  'cmd python app.py',
  '',
})

local programs = workspace .. '/.bin'
vim.fn.mkdir(programs)
vim.uv.fs_copyfile(engine, programs .. '/docker')
vim.env.PATH = programs .. ':' .. vim.env.PATH
-- What was asked of the engine.
local function called(words)
  local ok, lines = pcall(vim.fn.readfile, programs .. '/calls')
  return ok and vim.iter(lines):any(function(it) return it:find(words, 1, true) ~= nil end)
end

local settings = dofile(config)
settings.cmd = { binary, 'lsp' }
settings.name = 'dockwright'
settings.root_dir = workspace
vim.cmd.edit(path)
vim.bo.filetype = 'dockerfile'
local buffer = vim.api.nvim_get_current_buf()
local id = vim.lsp.start(settings)
local client = vim.lsp.get_client_by_id(id)

local function request(method, params)
  params = params or {}
  params.textDocument = { uri = vim.uri_from_bufnr(buffer) }
  local response = client:request_sync(method, params, 10000, buffer)
  return response and response.result
end

local function codes()
  local found = {}
  for _, it in ipairs(vim.diagnostic.get(buffer)) do
    found[it.code] = it.lnum
  end
  return found
end

vim.wait(10000, function() return client.initialized and #vim.diagnostic.get(buffer) > 0 end)
local found = codes()
check('diagnostics name their rule', found['deprecated-maintainer'] == 2, found)
check('diagnostics say who speaks', vim.diagnostic.get(buffer)[1].source == 'dockwright', vim.diagnostic.get(buffer)[1])

local hover = request('textDocument/hover', { position = { line = 4, character = 10 } })
check('hover shows the value', hover and hover.contents.value:find('/app', 1, true), hover)

local completion = request('textDocument/completion', { position = { line = 9, character = 12 } })
local items = completion and (completion.items or completion) or {}
local labels = vim.tbl_map(function(it) return it.label end, items)
check('completion offers stages', vim.tbl_contains(labels, 'base'), labels)
check('completion does not offer the own stage', not vim.tbl_contains(labels, 'final'), labels)

local definition = request('textDocument/definition', { position = { line = 9, character = 13 } })
local target = definition and (definition[1] or definition)
local range = target and (target.targetSelectionRange or target.range)
check('definition leads to the stage', range and range.start.line == 1, definition)

local references = request('textDocument/references', {
  position = { line = 3, character = 5 }, context = { includeDeclaration = true } })
check('references are all places', references and #references == 2, references)

local symbols = request('textDocument/documentSymbol')
check('the outline is a tree of stages', symbols and #symbols == 3 and #(symbols[2].children or {}) > 3, symbols)

local folds = request('textDocument/foldingRange')
check('stages fold', folds and #folds >= 2, folds)

local tokens = request('textDocument/semanticTokens/full')
check('semantic tokens come in fives', tokens and #tokens.data > 50 and #tokens.data % 5 == 0, tokens and #tokens.data)

local hints = request('textDocument/inlayHint', { range = { start = { line = 0, character = 0 }, ['end'] = { line = 12, character = 0 } } })
local hint = hints and hints[1] and (type(hints[1].label) == 'string' and hints[1].label or hints[1].label[1].value)
check('inlay hints show values', hint and hint:find('python:3.13-slim', 1, true), hints)

-- What Neovim itself makes of the answers, beyond the answers.

-- Its own completion sorts by what the server says, so that the newest version stays on top.
local tags = request('textDocument/completion', { position = { line = 1, character = 12 } })
local sent = vim.tbl_map(function(it) return it.label end, tags and (tags.items or tags) or {})
local shown = vim.tbl_map(function(it) return it.abbr end, vim.lsp.completion._lsp_to_complete_items(tags, '', client.id))
check('completion keeps the order of the server', #shown > 1 and vim.deep_equal(vim.list_slice(shown, 1, 20), vim.list_slice(sent, 1, 20)),
  { sent = vim.list_slice(sent, 1, 8), shown = vim.list_slice(shown, 1, 8) })

vim.lsp.semantic_tokens.start(buffer, client.id)
local function kinds(line, column)
  return vim.tbl_map(function(it) return it.type end, vim.lsp.semantic_tokens.get_at_pos(buffer, line, column) or {})
end
vim.wait(10000, function() return #kinds(1, 1) > 0 end)
check('the keyword is coloured', vim.tbl_contains(kinds(1, 1), 'keyword'), kinds(1, 1))
check('the stage is coloured', vim.tbl_contains(kinds(1, 34), 'type'), kinds(1, 34))

vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
vim.wait(10000, function() return #vim.lsp.inlay_hint.get({ bufnr = buffer }) > 0 end)
check('inlay hints are shown', #vim.lsp.inlay_hint.get({ bufnr = buffer }) > 0, vim.lsp.inlay_hint.get({ bufnr = buffer }))

vim.api.nvim_win_set_cursor(0, { 3, 2 })
vim.lsp.buf.code_action({ apply = true, filter = function(it) return it.title:find('LABEL', 1, true) ~= nil end })
vim.wait(10000, function() return vim.fn.getline(3):find('^LABEL') ~= nil end)
check('a code action is applied', vim.fn.getline(3):find('^LABEL org.opencontainers.image.authors=') ~= nil, vim.fn.getline(3))
vim.cmd('silent undo')
vim.wait(10000, function() return codes()['deprecated-maintainer'] == 2 end)
check('undoing it brings the finding back', codes()['deprecated-maintainer'] == 2, codes())

if client.server_capabilities.codeLensProvider then
  local lenses = request('textDocument/codeLens')
  check('code lenses stand above stages', lenses and #lenses > 0, lenses)
end

-- The command of the configuration. What the server cannot do is a sentence, not an error in Lua.
check(':Dockwright is there', vim.fn.exists(':Dockwright') == 2, vim.fn.exists(':Dockwright'))
local completed = vim.fn.getcompletion('Dockwright bu', 'cmdline')
check(':Dockwright completes its verbs', vim.tbl_contains(completed, 'build') and vim.tbl_contains(completed, 'build-and-run'), completed)
local said = {}
local notify = vim.notify
vim.notify = function(text) table.insert(said, text) end
vim.cmd('Dockwright nonsense')
check(':Dockwright names its verbs', said[1] and said[1]:find('build', 1, true), said)
said = {}
local function was_said(words)
  return vim.iter(said):any(function(it) return it:find(words, 1, true) ~= nil end)
end
vim.cmd('Dockwright build base')
vim.wait(10000, function() return was_said('done in') end)
check(':Dockwright build STAGE builds it', called('--target base') and was_said('done in'), said)
vim.fn.writefile({}, programs .. '/fails')
vim.cmd('Dockwright build')
vim.wait(10000, function() return was_said('it failed (exit code 1)') end)
check('a build that fails says so', was_said('it failed (exit code 1)'), said)
-- Findings of a build are published beside those that are asked for.
local function build_error()
  return vim.iter(vim.diagnostic.get(buffer)):find(function(it) return it.source == 'docker build' end)
end
vim.wait(10000, function() return build_error() ~= nil end)
check('with the error on its line', build_error() and build_error().lnum == 9, vim.tbl_map(function(it) return it.source .. ' ' .. it.lnum .. ' ' .. it.message end, vim.diagnostic.get(buffer)))
vim.fn.delete(programs .. '/fails')
local function any_buffer(words)
  return vim.iter(vim.api.nvim_list_bufs()):any(function(it)
    return vim.api.nvim_buf_is_loaded(it) and table.concat(vim.api.nvim_buf_get_lines(it, 0, -1, false), '\n'):find(words, 1, true) ~= nil
  end)
end
local window = vim.api.nvim_get_current_win()
local function back()
  vim.cmd('stopinsert')
  vim.api.nvim_set_current_win(window)
  vim.api.nvim_set_current_buf(buffer)
end
vim.cmd('Dockwright build-and-run')
vim.wait(10000, function() return any_buffer('the container listens') end)
check(':Dockwright build-and-run runs it in a terminal', any_buffer('the container listens') and called('run --rm -it'), vim.fn.readfile(programs .. '/calls'))
back()
vim.cmd('Dockwright stop')
vim.wait(10000, function() return any_buffer('it was stopped') end)
check(':Dockwright stop ends it', any_buffer('it was stopped'), vim.fn.readfile(programs .. '/calls'))
vim.cmd('Dockwright shell')
vim.wait(10000, function() return any_buffer('a shell in the image') end)
check(':Dockwright shell opens one', any_buffer('a shell in the image'), vim.fn.readfile(programs .. '/calls'))
back()
vim.cmd('Dockwright explain')
vim.wait(10000, function() return any_buffer('`Dockerfile` explained') end)
check(':Dockwright explain shows the story', any_buffer('`Dockerfile` explained'), said)
back()
vim.cmd('Dockwright log')
vim.wait(10000, function() return any_buffer('docker buildx build') end)
check(':Dockwright log shows the output', any_buffer('docker buildx build'), said)
back()
vim.notify = notify

-- The queries beside the configuration, with the real grammar.
if parser then
  local folder = vim.fs.dirname(vim.fs.dirname(config))
  vim.treesitter.language.add('dockerfile', { path = parser })
  local directives = 0
  local sample = table.concat({
    '# syntax=docker/dockerfile:1', 'ARG V=1', 'FROM scratch AS a', 'COPY --from=a \\', '  x y', 'RUN <<EOF', '#!/usr/bin/env python3',
    'print(1)', 'EOF', 'RUN python3 <<EOF', 'print(2)', 'EOF', 'CMD ["x"]', '',
  }, '\n')
  for _, name in ipairs({ 'highlights', 'injections', 'folds', 'locals', 'indents', 'textobjects' }) do
    local text = table.concat(vim.fn.readfile(folder .. '/queries/dockerfile/' .. name .. '.scm'), '\n')
    local ok, query = pcall(vim.treesitter.query.parse, 'dockerfile', text)
    local found = 0
    if ok then
      local tree = vim.treesitter.get_string_parser(sample, 'dockerfile'):parse()[1]
      local names = query.captures
      ok, query = pcall(function()
        for capture in query:iter_captures(tree:root(), sample) do
          found = found + 1
          directives = directives + (names[capture] == 'keyword.directive' and 1 or 0)
        end
      end)
    end
    check('the ' .. name .. ' are valid in Neovim', ok and found > 0, query)
  end
  check('a parser directive is coloured', directives == 1, directives)
end

local rename = request('textDocument/rename', { position = { line = 1, character = 33 }, newName = 'builder' })
check('rename gives edits', rename ~= nil, rename)
if rename then
  vim.lsp.util.apply_workspace_edit(rename, client.offset_encoding)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  check('rename reaches FROM', lines[9] == 'FROM builder AS final', lines[9])
  check('rename reaches COPY --from', lines[10] == 'COPY --from=builder /app /app', lines[10])
end

vim.bo.expandtab = true
vim.bo.shiftwidth = 4
vim.lsp.buf.format({ bufnr = buffer, timeout_ms = 10000 })
local formatted = vim.api.nvim_buf_get_lines(buffer, 7, 8, false)[1]
check('formatting indents a continuation', formatted == '    -r requirements.txt', formatted)

-- Typing: insert text with characters of four bytes, then undo, and the findings are those of the text.
vim.api.nvim_buf_set_lines(buffer, 2, 3, false, { '# 😀 gone' })
vim.wait(10000, function() return codes()['deprecated-maintainer'] == nil end)
check('an edit takes the finding away', codes()['deprecated-maintainer'] == nil, codes())

local log = vim.lsp.get_log_path()
client:stop()
vim.wait(5000, function() return client:is_stopped() end)
check('the server ends', client:is_stopped(), log)
print(('%d passed, %d failed'):format(passed, failures))
vim.cmd('cquit ' .. failures)
