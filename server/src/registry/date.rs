//! Dates in headers and answers.

use crate::analysis::image::index::Date;

/// The day of `2026-08-21T10:00:00Z`; `None` if it is none.
pub fn read_day(text: &str) -> Option<Date> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u16>().ok();
    let is_date = text.get(4..5)? == "-" && text.get(7..8)? == "-";
    let date = Date {
        year: number(0..4)?,
        month: number(5..7)?.try_into().ok()?,
        day: number(8..10)?.try_into().ok()?,
    };
    // Images built to be reproducible carry the first day of Unix, or none at all.
    let is_real = date.year > 1980 && (1..=12).contains(&date.month) && (1..=31).contains(&date.day);
    (is_date && is_real).then_some(date)
}

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn read_http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = text.split(' ').skip(1);
    let day: u64 = parts.next()?.parse().ok()?;
    let month = parts.next().and_then(|it| MONTHS.iter().position(|month| *month == it))? as u64 + 1;
    let year: u64 = parts.next()?.parse().ok().filter(|it| (1970..10_000).contains(it))?;
    let mut clock = parts.next()?.split(':').map(|it| it.parse::<u64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    Some(((days(year, month, day)? * 24 + hour) * 60 + minute) * 60 + second)
}

/// Days since 1970-01-01, counted with years that begin in March, so that the leap day is the last.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day.checked_sub(1)?;
    (365 * year + year / 4 - year / 100 + year / 400 + day_of_year).checked_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_dates_are_seconds() {
        assert_eq!(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(read_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(read_http_date("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
        for text in ["", "soon", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT"] {
            assert_eq!(read_http_date(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_read_from_times() {
        assert_eq!(
            read_day("2026-08-21T10:00:00.1Z").map(|it| it.to_string()).as_deref(),
            Some("2026-08-21")
        );
        for text in ["", "1970-01-01T00:00:00Z", "2026-13-01", "yesterday", "2026/08/21"] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }
}
