//! The binary: arguments, logging, and which edge to run.

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use dockwright::lsp::Channel;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

const HELP: &str = "\
Examples:
  dockwright init                     write a Dockerfile for the project in this folder
  dockwright check                    find problems in all Dockerfiles below the current folder
  dockwright check --fix Dockerfile   and repair what can be repaired safely
  dockwright format Dockerfile        lay it out
  dockwright build --tag shop:1       build an image, and say why when that fails
  dockwright tags python              the tags of an image, the most useful first
  dockwright image python:3.12        what is known about an image
  dockwright explain DL4000           what a rule, an instruction, a flag or a word means
  dockwright lsp                      what an editor starts";

const COMPLETIONS_HELP: &str = "\
Examples:
  dockwright completions bash > ~/.local/share/bash-completion/completions/dockwright
  dockwright completions zsh > ~/.zfunc/_dockwright
  dockwright completions fish > ~/.config/fish/completions/dockwright.fish";

const LSP_HELP: &str = "\
Examples:
  dockwright lsp                  over standard input and output
  dockwright lsp --socket=6009    over a connection, to an editor that listens there

Logs go to standard error; DOCKWRIGHT_LOG=debug for more.";

/// A language server, linter and formatter for Dockerfiles.
#[derive(Debug, Parser)]
#[command(name = "dockwright", version, about, max_term_width = 100, after_help = HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    server: ServerArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve an editor over standard input and output.
    #[command(alias = "start", after_help = LSP_HELP)]
    Lsp(ServerArguments),
    Build(Box<dockwright::cli::build::BuildArguments>),
    Check(Box<dockwright::cli::check::CheckArguments>),
    Format(Box<dockwright::cli::format::FormatArguments>),
    Explain(dockwright::cli::explain::ExplainArguments),
    Init(Box<dockwright::cli::init::InitArguments>),
    Image(Box<dockwright::cli::images::image::ImageCommand>),
    Tags(Box<dockwright::cli::images::tags::TagsArguments>),
    /// Print the completions for a shell.
    #[command(after_help = COMPLETIONS_HELP)]
    Completions {
        shell: clap_complete::Shell,
    },
    #[command(hide = true)]
    DebugTreeReport(dockwright::cli::tree_report::TreeReport),
}

#[derive(Debug, Args, Clone, PartialEq, Eq)]
struct ServerArguments {
    /// Talk over standard input and output (the default).
    #[arg(long)]
    stdio: bool,
    /// Talk over a connection to this port of 127.0.0.1, where the editor listens.
    #[arg(long, value_name = "PORT")]
    socket: Option<u16>,
    /// The editor's process; the server ends with it.
    #[arg(long = "clientProcessId", value_name = "PID", hide = true)]
    client_process_id: Option<u32>,
    #[arg(long, hide = true)]
    node_ipc: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_logging();
    let outcome = match arguments.command {
        Some(Command::Lsp(server)) => serve(&server),
        Some(Command::Build(build)) => dockwright::cli::build::run(&build),
        Some(Command::Check(check)) => dockwright::cli::check::run(&check),
        Some(Command::Format(format)) => dockwright::cli::format::run(&format),
        Some(Command::Explain(explain)) => dockwright::cli::explain::run(&explain),
        Some(Command::Init(init)) => dockwright::cli::init::run(&init),
        Some(Command::Image(image)) => dockwright::cli::images::image::run(&image),
        Some(Command::Tags(tags)) => dockwright::cli::images::tags::run(&tags),
        Some(Command::Completions { shell }) => print_completions(shell),
        Some(Command::DebugTreeReport(report)) => dockwright::cli::tree_report::run(&report),
        None if is_bare_in_terminal(&arguments.server) => print_help(),
        None => serve(&arguments.server),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("dockwright: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn serve(arguments: &ServerArguments) -> anyhow::Result<u8> {
    if arguments.node_ipc {
        anyhow::bail!("`--node-ipc` only works between Node.js programs; use `--stdio` or `--socket=PORT`");
    }
    if let Some(id) = arguments.client_process_id {
        dockwright::lsp::watch_parent(id);
    }
    let channel = arguments.socket.map_or(Channel::Stdio, Channel::Socket);
    let code = dockwright::lsp::run(channel)?;
    Ok(u8::try_from(code).unwrap_or(1))
}

/// Somebody typed `dockwright` to see what it is; an editor would not be a terminal.
fn is_bare_in_terminal(arguments: &ServerArguments) -> bool {
    let asks_for_nothing = !arguments.stdio && arguments.socket.is_none() && !arguments.node_ipc;
    asks_for_nothing && std::io::IsTerminal::is_terminal(&std::io::stdin())
}

fn print_help() -> anyhow::Result<u8> {
    <Arguments as clap::CommandFactory>::command().print_help()?;
    Ok(0)
}

fn print_completions(shell: clap_complete::Shell) -> anyhow::Result<u8> {
    let mut command = <Arguments as clap::CommandFactory>::command();
    // The generator takes every failed write for a fault of its own, a closed pipe too.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "dockwright", &mut script);
    match std::io::Write::write_all(&mut std::io::stdout(), &script) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(0),
    }
}

/// Warnings go to standard error; `DOCKWRIGHT_LOG=debug` (or `target=level,…`) asks for more.
fn start_logging() {
    let log =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_target(false);
    let registry = tracing_subscriber::registry();
    match std::env::var("DOCKWRIGHT_LOG") {
        Ok(filter) if !filter.is_empty() => {
            registry.with(log.with_filter(tracing_subscriber::EnvFilter::new(filter))).init();
        }
        // Building a filter takes longer than the rest of the start. tower-lsp takes what clients ordinarily do
        // for an error.
        _ => {
            let warnings =
                Targets::new().with_default(LevelFilter::WARN).with_target("tower_lsp", LevelFilter::OFF);
            registry.with(log.with_filter(warnings)).init();
        }
    }
}
