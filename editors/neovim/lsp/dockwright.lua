-- Dockwright for Neovim 0.11 and later: copy to ~/.config/nvim/lsp/dockwright.lua,
-- then put `vim.lsp.enable('dockwright')` into init.lua.
return {
  cmd = { 'dockwright', 'lsp' },
  filetypes = { 'dockerfile' },
  root_markers = { 'dockwright.toml', '.dockerignore', 'compose.yaml', 'docker-compose.yml', '.git' },
  settings = { dockwright = {} },
}
