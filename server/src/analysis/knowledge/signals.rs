//! Signals: what `STOPSIGNAL`, `docker stop` and `docker kill` send.
//!
//! Numbers are those of Linux on x86 and ARM (`signal(7)`); BuildKit checks the word with
//! `github.com/moby/sys/signal`, which takes `SIGQUIT`, `QUIT` in any case, or a number.

/// One signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignalDoc {
    /// With `SIG`, upper case.
    pub name: &'static str,
    pub number: u8,
    /// One or two sentences: what programs do with it.
    pub summary: &'static str,
    /// Programs that are stopped well with it, for completion; empty for the others.
    pub used_by: &'static str,
    /// Makes sense as `STOPSIGNAL`.
    pub stops: bool,
}

/// The page about signals.
pub const SIGNALS_URL: &str = "https://man7.org/linux/man-pages/man7/signal.7.html";

const fn signal(number: u8, name: &'static str, summary: &'static str) -> SignalDoc {
    SignalDoc { name, number, summary, used_by: "", stops: false }
}

const fn stops(signal: SignalDoc, used_by: &'static str) -> SignalDoc {
    SignalDoc { used_by, stops: true, ..signal }
}

/// The signals, by number; real-time signals are only those that are used.
pub static SIGNALS: &[SignalDoc] = &[
    stops(
        signal(1, "SIGHUP", "The terminal is gone. Many servers take it as: read your configuration again."),
        "interactive shells",
    ),
    stops(
        signal(
            2,
            "SIGINT",
            "Ctrl+C. Programs end; PostgreSQL ends its sessions and stops quickly but safely.",
        ),
        "PostgreSQL, interactive programs",
    ),
    stops(
        signal(
            3,
            "SIGQUIT",
            "Ctrl+\\. nginx and PHP-FPM finish what they are doing and then end; other programs write a core dump, and Java prints its threads and goes on.",
        ),
        "nginx, PHP-FPM, uWSGI",
    ),
    signal(4, "SIGILL", "The program came upon an instruction that the processor does not know."),
    signal(5, "SIGTRAP", "A breakpoint, for debuggers."),
    signal(6, "SIGABRT", "The program gives up by itself, mostly after finding a fault in its own state."),
    signal(7, "SIGBUS", "An access to memory that is not there."),
    signal(8, "SIGFPE", "A fault in arithmetic, such as a division by zero."),
    stops(
        signal(
            9,
            "SIGKILL",
            "Ends the program at once; it cannot be handled, so nothing is saved or closed. Docker sends it when the time to stop is over.",
        ),
        "",
    ),
    stops(
        signal(
            10,
            "SIGUSR1",
            "Means whatever the program says: often reopening log files. Apache restarts gracefully.",
        ),
        "HAProxy",
    ),
    signal(11, "SIGSEGV", "An access to memory that is not allowed: a crash, exit code 139."),
    signal(12, "SIGUSR2", "Means whatever the program says: nginx and gunicorn start their new version."),
    signal(13, "SIGPIPE", "Writing to a pipe that nobody reads."),
    signal(14, "SIGALRM", "An alarm clock that the program has set."),
    stops(
        signal(
            15,
            "SIGTERM",
            "Please end: the default of `docker stop`. A program that handles it has ten seconds to save and close.",
        ),
        "most programs",
    ),
    signal(16, "SIGSTKFLT", "Not used."),
    signal(17, "SIGCHLD", "A child process has ended."),
    signal(18, "SIGCONT", "Go on after a stop."),
    signal(19, "SIGSTOP", "Pauses the program; it cannot be handled."),
    signal(20, "SIGTSTP", "Ctrl+Z: pause."),
    signal(21, "SIGTTIN", "Reading from the terminal in the background."),
    signal(22, "SIGTTOU", "Writing to the terminal in the background."),
    signal(23, "SIGURG", "Urgent data on a socket."),
    signal(24, "SIGXCPU", "The limit of processor time is reached."),
    signal(25, "SIGXFSZ", "The limit of file size is reached."),
    signal(26, "SIGVTALRM", "A timer of the program's own processor time."),
    signal(27, "SIGPROF", "A timer for profiling."),
    stops(
        signal(
            28,
            "SIGWINCH",
            "The window changed its size. Apache takes it as: finish the requests and then end.",
        ),
        "Apache httpd",
    ),
    signal(29, "SIGIO", "Something can be read or written."),
    signal(30, "SIGPWR", "The power fails."),
    signal(31, "SIGSYS", "A system call that is not allowed; security profiles of containers use it."),
    stops(
        signal(37, "SIGRTMIN+3", "A real-time signal: systemd takes it as the order to shut down."),
        "systemd",
    ),
];

/// The signal that `word` names: `SIGQUIT`, `quit` or `3`.
///
/// `None` for other words and for real-time signals without an entry; see [`is_signal`] for whether
/// BuildKit takes a word.
pub fn signal_named(word: &str) -> Option<&'static SignalDoc> {
    if let Ok(number) = word.parse::<u8>() {
        return SIGNALS.iter().find(|it| it.number == number);
    }
    let upper = word.to_ascii_uppercase();
    let bare = upper.strip_prefix("SIG").unwrap_or(&upper);
    SIGNALS.iter().find(|it| it.name.strip_prefix("SIG") == Some(bare))
}

/// Whether `word` is a signal of Linux: a known name, a number of 1 to 64, `RTMIN`, `RTMAX`,
/// `RTMIN+1` to `RTMIN+15` or `RTMAX-1` to `RTMAX-14`.
pub fn is_signal(word: &str) -> bool {
    if let Ok(number) = word.parse::<u32>() {
        return (1..=64).contains(&number);
    }
    let upper = word.to_ascii_uppercase();
    let bare = upper.strip_prefix("SIG").unwrap_or(&upper);
    signal_named(bare).is_some() || ALIASES.contains(&bare) || is_real_time(bare)
}

/// Other names that Linux has for signals of the table.
const ALIASES: &[&str] = &["CLD", "IOT", "POLL"];

fn is_real_time(bare: &str) -> bool {
    let (base, offset, most) = match (bare.strip_prefix("RTMIN"), bare.strip_prefix("RTMAX")) {
        (Some(rest), _) => (rest, rest.strip_prefix('+'), 15),
        (_, Some(rest)) => (rest, rest.strip_prefix('-'), 14),
        _ => return false,
    };
    base.is_empty() || offset.and_then(|it| it.parse::<u8>().ok()).is_some_and(|it| (1..=most).contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_in_order_and_documented() {
        assert!(SIGNALS.is_sorted_by_key(|it| it.number));
        for it in SIGNALS {
            assert!(it.name.starts_with("SIG") && it.summary.ends_with('.'), "{}", it.name);
            assert_eq!(signal_named(it.name).map(|found| found.number), Some(it.number));
        }
    }

    #[test]
    fn a_signal_is_found_by_name_and_number() {
        for word in ["SIGQUIT", "sigquit", "QUIT", "3"] {
            assert_eq!(signal_named(word).map(|it| it.name), Some("SIGQUIT"), "{word}");
        }
        for word in ["SIGTREM", "", "0", "SIG", "SIGSIGTERM"] {
            assert_eq!(signal_named(word), None, "{word}");
        }
    }

    #[test]
    fn real_time_signals_are_signals() {
        for word in ["SIGRTMIN", "RTMIN+3", "sigrtmin+15", "SIGRTMAX", "SIGRTMAX-14", "34", "64", "SIGPOLL"] {
            assert!(is_signal(word), "{word}");
        }
        for word in ["RTMIN+16", "RTMAX-15", "RTMIN-1", "RTMIN+", "RTMINX", "65", "0", "-1", "SIGFOO", ""] {
            assert!(!is_signal(word), "{word}");
        }
    }
}
