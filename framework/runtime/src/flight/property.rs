//! Flights against a model of them: whatever order requests join, are told, are dropped and end in, who leads and who
//! follows is as the model says, each who waits is told once, and nothing is left over.

use std::collections::HashMap;

use proptest::prelude::*;
use selvedge_cache::collapse::{Lane, Role};

use super::{
    sample::{Place, Task, VARIANT, asking_for, key},
    *,
};

const USERS: usize = 6;

/// What a request wants.
#[derive(Clone, Debug, PartialEq)]
struct Want {
    path: u8,
    authorized: bool,
    ranged: bool,
    variant: u8,
}

#[derive(Clone, Debug)]
enum Act {
    /// Somebody asks, perhaps on behalf of what another leads.
    Join {
        user: usize,
        want: Want,
        parent: Option<usize>,
    },
    /// Somebody is polled, if he was woken.
    Run(usize),
    /// Somebody goes.
    Leave(usize),
    Coming(usize),
    End(usize, u8),
}

fn want() -> impl Strategy<Value = Want> {
    (0u8..2, prop::bool::weighted(0.2), prop::bool::weighted(0.3), 0u8..2)
        .prop_map(|(path, authorized, ranged, variant)| Want { path, authorized, ranged, variant })
}

fn act() -> impl Strategy<Value = Act> {
    let user = || 0..USERS;
    prop_oneof![
        6 => (user(), want(), prop::option::weighted(0.4, user()))
            .prop_map(|(user, want, parent)| Act::Join { user, want, parent }),
        4 => user().prop_map(Act::Run),
        2 => user().prop_map(Act::Leave),
        1 => user().prop_map(Act::Coming),
        2 => (user(), 0u8..3).prop_map(|(user, how)| Act::End(user, how)),
    ]
}

impl Want {
    fn lane(&self) -> Lane {
        let range = self.ranged.then(|| http::HeaderValue::from_static("bytes=0-1"));
        Lane { authorized: self.authorized, range }
    }

    /// Whether it may wait for what this one is asked for.
    fn may_wait_for(&self, other: &Self, knows: bool, is_coming: bool) -> bool {
        self.path == other.path
            && self.authorized == other.authorized
            && (!other.ranged || self.ranged)
            && (self.variant == other.variant || !(knows || is_coming))
    }
}

/// Who leads, in the model.
struct Led {
    id: FlightId,
    want: Want,
    is_coming: bool,
}

/// What a user does.
enum User {
    Idle,
    Leads(Lead, Led),
    Waits { task: Task<Phase>, from: Option<FlightId>, on: FlightId },
}

/// What was told last of a flight that is over.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Said {
    Coming,
    Unshared,
    Failed,
    LeftOff,
}

struct World {
    place: Place,
    users: Vec<User>,
    over: HashMap<FlightId, Said>,
    /// Whether the variants of the keys are known.
    knows: bool,
}

impl World {
    fn new(knows: bool) -> Self {
        let users = (0..USERS).map(|_| User::Idle).collect();
        Self { place: Place::new(), users, over: HashMap::new(), knows }
    }

    fn led(&self) -> impl Iterator<Item = &Led> {
        self.users.iter().filter_map(|user| match user {
            User::Leads(_, led) => Some(led),
            _ => None,
        })
    }

    /// Whether a flight waits for another, be it in a roundabout way.
    fn reaches(&self, from: FlightId, to: FlightId) -> bool {
        let mut reached = vec![from];
        for _ in 0..USERS {
            for user in &self.users {
                if let User::Waits { from: Some(from), on, .. } = user
                    && reached.contains(from)
                {
                    reached.push(*on);
                }
            }
        }
        reached.contains(&to)
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Join { user, want, parent } => self.join(*user, want, *parent),
            Act::Run(user) => self.run(*user),
            Act::Leave(user) => self.leave(*user),
            Act::Coming(user) => self.coming(*user),
            Act::End(user, how) => self.end(*user, *how),
        }
        self.check();
    }

    fn join(&mut self, user: usize, want: &Want, parent: Option<usize>) {
        if !matches!(self.users[user], User::Idle) {
            return;
        }
        let parent = parent.and_then(|parent| match &self.users[parent] {
            User::Leads(_, led) => Some(led.id),
            _ => None,
        });
        let (key, role, vary) =
            (key(&format!("/{}", want.path)), Role::Leads(want.lane()), [VARIANT]);
        let question = Question {
            key: &key,
            role: &role,
            headers: &asking_for(want.variant),
            vary: if self.knows { &vary } else { &[] },
            ancestors: parent.as_slice(),
            asked: self.place.shelf.order(),
            at_ms: 0,
        };
        // What is coming in tells what selects.
        let knows = self.knows || self.led().any(|led| led.is_coming && led.want.path == want.path);
        let fits: Vec<FlightId> = self
            .led()
            .filter(|led| want.may_wait_for(&led.want, knows, led.is_coming))
            .map(|led| led.id)
            .collect();
        self.users[user] = match self.place.flights.join(&question, &self.place.shelf) {
            Joined::Leads(lead) => {
                assert!(fits.is_empty(), "one leads already");
                let led = Led { id: lead.id(), want: want.clone(), is_coming: false };
                User::Leads(lead, led)
            }
            Joined::Follows(flight, waiting) => {
                let on = flight.id();
                assert!(fits.contains(&on));
                assert!(parent.is_none_or(|parent| !self.reaches(on, parent)), "a circle");
                let told = async move {
                    let _waiting = waiting;
                    flight.told().await
                };
                User::Waits { task: Task::new(told), from: parent, on }
            }
            Joined::Ancestor => {
                let parent = parent.expect("only who descends from a flight has ancestors");
                assert!(fits.iter().any(|on| self.reaches(*on, parent)));
                User::Idle
            }
            Joined::Alone => panic!("whoever may lead does not go alone"),
        };
    }

    fn run(&mut self, user: usize) {
        let User::Waits { task, on, .. } = &mut self.users[user] else { return };
        let (told, on) = (task.run(), *on);
        let said = match told {
            None => return,
            Some(Phase::Asking) => panic!("that is nothing to tell"),
            Some(Phase::Coming(_)) => Said::Coming,
            Some(Phase::Over(Ended::Unshared)) => Said::Unshared,
            Some(Phase::Over(Ended::Failed(_))) => Said::Failed,
            Some(Phase::Over(_)) => Said::LeftOff,
        };
        let is_coming = self.led().any(|led| led.id == on && led.is_coming);
        let expected = self.over.get(&on).copied().unwrap_or(Said::Coming);
        assert!(is_coming || self.over.contains_key(&on), "told too early");
        assert_eq!(said, expected);
        self.users[user] = User::Idle;
    }

    fn leave(&mut self, user: usize) {
        if let User::Leads(_, led) = &self.users[user] {
            self.over.insert(led.id, Said::LeftOff);
        }
        self.users[user] = User::Idle;
    }

    fn coming(&mut self, user: usize) {
        if let User::Leads(lead, led) = &mut self.users[user] {
            led.is_coming = true;
            lead.coming(self.place.landing(&asking_for(led.want.variant)));
        }
    }

    fn end(&mut self, user: usize, how: u8) {
        if !matches!(self.users[user], User::Leads(..)) {
            return;
        }
        let User::Leads(lead, led) = std::mem::replace(&mut self.users[user], User::Idle) else {
            return;
        };
        let (ended, said) = match how {
            0 if led.is_coming => (Ended::Landed, Said::Coming),
            0 => (Ended::LeftOff, Said::LeftOff),
            1 => (Ended::Unshared, Said::Unshared),
            _ => (Ended::Failed(None), Said::Failed),
        };
        self.over.insert(led.id, said);
        lead.end(ended);
    }

    /// As many are under way as are led, and nobody who waits has missed what was told.
    fn check(&self) {
        assert_eq!(self.place.flights.count(), self.led().count());
    }

    /// Everybody who waits for what is over or comes in is told; then all go.
    fn finish(mut self) {
        for user in 0..USERS {
            if let User::Leads(..) = self.users[user] {
                self.end(user, user as u8 % 3);
            }
        }
        for user in 0..USERS {
            self.run(user);
            assert!(matches!(self.users[user], User::Idle), "somebody waits in vain");
        }
        let Place { shelf, waits, flights } = self.place;
        assert_eq!((flights.count(), shelf.used_bytes()), (0, 0));
        let ids: Vec<FlightId> = self.over.into_keys().collect();
        for one in &ids {
            for other in ids.iter().filter(|other| *other != one) {
                assert!(waits.begin(&[*one], *other).is_some(), "a wait is left over");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn flights_are_as_the_model_says(knows: bool, acts in prop::collection::vec(act(), 0..80)) {
        let mut world = World::new(knows);
        for act in &acts {
            world.act(act);
        }
        world.finish();
    }
}
