-- Drives Dockwright from a real, headless Neovim: nvim --headless -u NONE -l neovim.lua BINARY WORKSPACE
-- Every check waits with a limit and names what it saw; the exit code is the number of failures.
local binary, workspace, config = arg[1], arg[2], arg[3]
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
