//! Who is on a shared ledger, for its administrator.

use holdfast_ledger_postgres::Server;
use holdfast_ledger_postgres::schema::{self, Listed, ListedVenue};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Venues with their tills, and head offices, in words and as data.
pub(crate) async fn run(admin: &Server) -> anyhow::Result<(String, Value)> {
    let (venues, offices) = schema::list(admin).await?;
    let mut words = String::new();
    for venue in &venues {
        let ListedVenue {
            number,
            name,
            group,
            tills,
        } = venue;
        write!(words, "{number}  {name}")?;
        match group {
            Some(group) => writeln!(words, ", in the group {group}")?,
            None => writeln!(words)?,
        }
        for till in tills {
            writeln!(words, "   {}", line(till))?;
        }
    }
    if venues.is_empty() {
        words.push_str("There is no venue yet.\n");
    }
    for (group, office) in &offices {
        writeln!(words, "Head office of {group}\n   {}", line(office))?;
    }
    let of_venue = |venue: &ListedVenue| {
        let tills: Vec<Value> = venue.tills.iter().map(data).collect();
        json!({ "venue": venue.number, "name": venue.name, "group": venue.group, "tills": tills })
    };
    let of_office =
        |(group, office): &(String, Listed)| json!({ "group": group, "headOffice": data(office) });
    let all = json!({
        "venues": venues.iter().map(of_venue).collect::<Vec<_>>(),
        "headOffices": offices.iter().map(of_office).collect::<Vec<_>>(),
    });
    Ok((words.trim_end().to_owned(), all))
}

fn line(one: &Listed) -> String {
    let state = match (one.is_retired, one.has_worked) {
        (true, _) => ", retired",
        (false, false) => ", hasn’t worked yet",
        (false, true) => "",
    };
    format!("{}  {}{state}", one.id, one.name)
}

fn data(one: &Listed) -> Value {
    json!({ "id": one.id, "name": one.name, "retired": one.is_retired, "hasWorked": one.has_worked })
}
