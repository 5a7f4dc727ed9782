-- Dockwright for Neovim 0.11 and later: copy to ~/.config/nvim/lsp/dockwright.lua,
-- then put `vim.lsp.enable('dockwright')` into init.lua.

-- What the server hands to us to run, and what it answers to a dry run: { argv, cwd, env }. A list, so no shell reads it.
local last -- { job, engine, container, cwd, env } of what was run last

local function run_in_terminal(line)
  vim.cmd('botright 15new')
  local options = { cwd = line.cwd, env = line.env, term = true }
  local job
  if vim.fn.has('nvim-0.11') == 1 then
    job = vim.fn.jobstart(line.argv, options)
  else
    options.term = nil
    job = vim.fn.termopen(line.argv, options)
  end
  local flag = vim.fn.index(line.argv, '--name')
  if flag >= 0 then
    last = { job = job, engine = line.argv[1], container = line.argv[flag + 2], cwd = line.cwd, env = line.env }
  end
  vim.cmd('startinsert')
end

-- Whether there was a container of ours in a terminal; the others are the server's business.
local function stop_last()
  local it = last
  last = nil
  local is_running = it and vim.fn.jobwait({ it.job }, 0)[1] == -1
  if is_running then
    vim.fn.jobstart({ it.engine, 'stop', it.container }, { cwd = it.cwd, env = it.env })
  end
  return is_running
end

local function show(text)
  vim.cmd('botright new')
  vim.bo.buftype, vim.bo.bufhidden, vim.bo.filetype = 'nofile', 'wipe', 'markdown'
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(text, '\n'))
end

-- `after` gets the server's answer; errors are shown.
local function execute(buffer, command, argument, after)
  local params = { command = command, arguments = { argument } }
  vim.lsp.buf_request(buffer, 'workspace/executeCommand', params, function(problem, answer)
    if problem then
      vim.notify('Dockwright: ' .. problem.message, vim.log.levels.ERROR)
    elseif answer ~= nil and answer ~= vim.NIL then
      after(answer)
    end
  end)
end

local function say(answer)
  if type(answer) == 'string' then
    show(answer)
  elseif answer.markdown then
    if not answer.shown then show(answer.markdown) end
  elseif answer.ok == false then
    vim.notify(('Dockwright: it failed (exit code %s)'):format(answer.exitCode or '?'), vim.log.levels.ERROR)
  else
    vim.notify(('Dockwright: done in %.1f s'):format((answer.durationMs or 0) / 1000))
  end
end

local verbs = {
  build = 'dockwright.build', run = 'dockwright.run', ['build-and-run'] = 'dockwright.buildAndRun',
  check = 'dockwright.check', shell = 'dockwright.shell', stop = 'dockwright.stop', logs = 'dockwright.logs',
  remove = 'dockwright.remove', push = 'dockwright.push', pull = 'dockwright.pull', explain = 'dockwright.explain',
  log = 'dockwright.showLog',
}

-- :Dockwright VERB [STAGE]. What you talk to (run, shell) gets a terminal.
local function command(buffer, arguments)
  local verb, stage = arguments.fargs[1], arguments.fargs[2]
  if not verbs[verb] then
    vim.notify('Dockwright: say one of ' .. table.concat(vim.fn.sort(vim.tbl_keys(verbs)), ', '), vim.log.levels.ERROR)
    return
  end
  if vim.bo[buffer].modified and vim.api.nvim_buf_get_name(buffer) ~= '' then
    vim.api.nvim_buf_call(buffer, function() vim.cmd('silent write') end)
  end
  local request = { uri = vim.uri_from_bufnr(buffer), target = stage }
  local function in_terminal(verb_in_terminal)
    execute(buffer, verbs[verb_in_terminal], vim.tbl_extend('force', request, { dryRun = true }), run_in_terminal)
  end
  if verb == 'stop' and stop_last() then
    return
  end
  if verb == 'run' or verb == 'shell' then
    in_terminal(verb)
  elseif verb == 'build-and-run' then
    execute(buffer, verbs.build, request, function(answer)
      say(answer)
      if answer.ok then in_terminal('run') end
    end)
  else
    execute(buffer, verbs[verb], request, say)
  end
end

local function complete(lead)
  return vim.tbl_filter(function(it) return vim.startswith(it, lead) end, vim.fn.sort(vim.tbl_keys(verbs)))
end

-- Neovim asks for findings after an edit; 0.11 does not listen when the server says that there are others, as after a build.
local function ask_again(_, _, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  for buffer in pairs(client and client.attached_buffers or {}) do
    local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
    vim.lsp.buf_request(buffer, 'textDocument/diagnostic', params)
  end
  return vim.NIL
end

return {
  cmd = { 'dockwright', 'lsp' },
  filetypes = { 'dockerfile' },
  root_markers = { 'dockwright.toml', '.dockerignore', 'compose.yaml', 'docker-compose.yml', '.git' },
  settings = { dockwright = {} },
  init_options = { client = { commands = { 'dockwright.client.runInTerminal' } } },
  commands = {
    ['dockwright.client.runInTerminal'] = function(it) run_in_terminal(it.arguments[1]) end,
  },
  handlers = { ['workspace/diagnostic/refresh'] = vim.fn.has('nvim-0.12') == 0 and ask_again or nil },
  on_attach = function(_, buffer)
    vim.api.nvim_buf_create_user_command(buffer, 'Dockwright', function(it) command(buffer, it) end,
      { nargs = '+', complete = complete, desc = 'Build, run and explain this Dockerfile' })
  end,
}
