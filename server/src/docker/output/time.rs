//! The times of BuildKit's JSON: RFC 3339 with fractions of a second.

/// Milliseconds since 1970, or `None` for anything but a time in UTC or with an offset.
pub fn milliseconds(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|it| it.parse::<i64>().ok());
    let days = days(date.next()??, date.next()??, date.next()??)?;
    let (clock, offset) = split_zone(time)?;
    let mut clock = clock.splitn(3, ':');
    let hours: i64 = clock.next()?.parse().ok()?;
    let minutes: i64 = clock.next()?.parse().ok()?;
    let seconds: f64 = clock.next()?.parse().ok()?;
    let is_possible =
        (0..24).contains(&hours) && (0..60).contains(&minutes) && (0.0..61.0).contains(&seconds);
    is_possible.then(|| ((days * 24 + hours) * 60 + minutes - offset) * 60_000 + (seconds * 1000.0) as i64)
}

/// The time of day, and minutes east of UTC.
fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let at = time.rfind(['+', '-'])?;
    let (clock, zone) = time.split_at(at);
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let offset = hours.parse::<u8>().ok()? as i64 * 60 + minutes.parse::<u8>().ok()? as i64;
    Some((clock, if zone.starts_with('-') { -offset } else { offset }))
}

/// Days since 1970-01-01 in the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // A year that begins in March has its odd day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    Some(year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_from_1970() {
        assert_eq!(milliseconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(milliseconds("2024-02-29T12:00:00.25Z"), Some(1_709_208_000_250));
        assert_eq!(milliseconds("2024-02-29T13:30:00.25+01:30"), Some(1_709_208_000_250));
        assert_eq!(milliseconds("2024-02-29T11:00:00.25-01:00"), Some(1_709_208_000_250));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in
            ["", "T", "2024-02-29", "2024-13-01T00:00:00Z", "2024-01-01T00:00Z", "2024-01-01T00:00:xxZ"]
        {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }
}
