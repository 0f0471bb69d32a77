//! The least information lost, for problems small enough: 0-1 programming with cuts.
//!
//! Master problem: the cheapest set of further suppressions that hits every cut. Its answer is attacked. Where a figure
//! is not protected, the set is enlarged as far as it goes without protecting the figure; every valid pattern must have
//! one of the cells left, and that is the next cut (the cover inequalities of Fischetti and Salazar 2001, found by
//! attack instead of duals, so that they hold for whole numbers and inequalities too). The first answer that withstands
//! the attack is optimal.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::network::Network;
use super::pattern::{Group, Outcome, PatternAttack, picks};
use super::protection::Options;
use super::secondary::Protector;
use super::shift::Shift;
use super::solver;

/// Sensitive figures of a problem or group that is solved to the optimum.
const MOST_GOALS: usize = 40;

/// Figures of a group together, so that its linear programs stay small.
const MOST_FIGURES: usize = 160;

/// Cuts of one problem or group.
const MOST_CUTS: usize = 200;

/// Replaces suppressions by cheaper ones where a part of the problem can be solved to the optimum. Returns whether the
/// whole problem was.
pub(super) fn improve(protector: &mut Protector<'_>, options: &Options) -> bool {
    let network = protector.network;
    let can_be_extra =
        |at: &u32| !network.variable(*at).hidden && network.variable(*at).need.is_none();
    let all: Vec<u32> = network.indexes().filter(can_be_extra).collect();
    if all.len() <= options.exact_figures {
        let group = whole(protector, all);
        return group.goals.len() <= MOST_GOALS && solve(protector, &group);
    }
    let mut groups = groups(protector, options.exact_figures);
    let cost = |group: &Group| -> u64 { weight(network, &group.extras) };
    groups.sort_by_key(|group| (Reverse(cost(group)), group.extras.first().copied()));
    for group in groups.iter().take(options.exact_groups) {
        solve(protector, group);
    }
    let extras = all.iter().any(|at| protector.unseen[*at as usize]);
    // Without complementary suppressions nothing can be less.
    !extras
}

fn weight(network: &Network, figures: &[u32]) -> u64 {
    let weights = figures.iter().map(|at| network.variable(*at).weight);
    weights.fold(0, u64::saturating_add)
}

fn cheapest_first(network: &Network, figures: &mut [u32]) {
    figures.sort_by_key(|at| (network.variable(*at).weight, *at));
}

fn whole(protector: &Protector<'_>, mut candidates: Vec<u32>) -> Group {
    let network = protector.network;
    cheapest_first(network, &mut candidates);
    let is_protectable =
        |at: &u32| network.variable(*at).need.is_some() && !protector.was_hopeless(*at);
    let is_unseen = |at: &u32| network.variable(*at).hidden || network.variable(*at).need.is_some();
    Group {
        goals: network.indexes().filter(is_protectable).collect(),
        unseen: network.indexes().filter(is_unseen).collect(),
        extras: candidates
            .iter()
            .copied()
            .filter(|at| protector.unseen[*at as usize])
            .collect(),
        candidates,
    }
}

/// Connected groups of unseen figures that have extras, with what lies next to them.
fn groups(protector: &Protector<'_>, size: usize) -> Vec<Group> {
    let network = protector.network;
    let mut seen = vec![false; network.variables.len()];
    let mut groups = Vec::new();
    for start in network.indexes() {
        if seen[start as usize] || !protector.unseen[start as usize] {
            continue;
        }
        let mut members = vec![start];
        seen[start as usize] = true;
        let mut next = 0;
        while let Some(at) = members.get(next).copied() {
            next += 1;
            for entry in network.rows_of(at) {
                for other in network.row(entry.at) {
                    let index = other.at as usize;
                    if protector.unseen[index] && !std::mem::replace(&mut seen[index], true) {
                        members.push(other.at);
                    }
                }
            }
        }
        if members.len() <= MOST_FIGURES {
            groups.extend(group(protector, members, size));
        }
    }
    groups
}

/// A group with its candidates; `None` where there is nothing to gain or too much to look at.
fn group(protector: &Protector<'_>, members: Vec<u32>, size: usize) -> Option<Group> {
    let network = protector.network;
    let is_extra = |at: &u32| !network.variable(*at).hidden && network.variable(*at).need.is_none();
    let (extras, unseen): (Vec<u32>, Vec<u32>) = members.iter().partition(|at| is_extra(at));
    let is_goal = |at: &u32| network.variable(*at).need.is_some() && !protector.was_hopeless(*at);
    let goals: Vec<u32> = unseen.iter().copied().filter(is_goal).collect();
    if extras.is_empty() || extras.len() * 2 > size || goals.len() > MOST_GOALS {
        return None;
    }
    let mut near: BTreeSet<u32> = BTreeSet::new();
    for at in &members {
        for entry in network.rows_of(*at) {
            let row = network.row(entry.at).iter().map(|other| other.at);
            near.extend(row.filter(|other| is_extra(other) && !protector.unseen[*other as usize]));
        }
    }
    let mut candidates: Vec<u32> = near.into_iter().collect();
    cheapest_first(network, &mut candidates);
    candidates.truncate(size - extras.len());
    candidates.extend(&extras);
    cheapest_first(network, &mut candidates);
    Some(Group {
        goals,
        unseen,
        extras,
        candidates,
    })
}

/// Solves a group and takes the solution over where it is better. Returns whether the optimum is known.
fn solve(protector: &mut Protector<'_>, group: &Group) -> bool {
    let network = protector.network;
    let needs = group
        .goals
        .iter()
        .map(|at| (*at, protector.need_of(*at)))
        .collect();
    let mut attacker = PatternAttack::new(network, group, needs);
    let weights: Vec<u64> = group
        .candidates
        .iter()
        .map(|at| network.variable(*at).weight)
        .collect();
    let standing = weight(network, &group.extras);
    let mut cuts: Vec<Vec<usize>> = Vec::new();
    loop {
        let Some(picked) = solver::cheapest_cover(&weights, &cuts) else {
            return false;
        };
        let chosen: Vec<u32> = picks(group, &picked);
        if weight(network, &chosen) >= standing {
            // Nothing cheaper than what stands; whatever is picked at the same cost need not be tried.
            protector.work.exact += 1;
            return !attacker.has_doubt;
        }
        attacker.picked = picked;
        match attacker.attack() {
            Outcome::Withstands(shifts) => {
                let is_taken = take_over(protector, group, &chosen, shifts);
                protector.work.exact += u64::from(is_taken);
                return is_taken && !attacker.has_doubt;
            }
            Outcome::Gives(goal) if cuts.len() < MOST_CUTS => cuts.push(attacker.cut(goal)),
            Outcome::Gives(_) => return false,
        }
    }
}

/// Suppresses `chosen` instead of the group's extras, if everything is protected then too.
fn take_over(
    protector: &mut Protector<'_>,
    group: &Group,
    chosen: &[u32],
    shifts: Vec<Shift>,
) -> bool {
    let network = protector.network;
    let mut retracted = Vec::new();
    for extra in &group.extras {
        protector.unseen[*extra as usize] = false;
        retracted.extend(protector.proofs.retract(network, *extra));
    }
    for at in chosen {
        protector.unseen[*at as usize] = true;
    }
    for shift in shifts {
        protector.take(shift);
    }
    let affected = group.unseen.iter().chain(chosen).copied();
    let to_prove: Vec<u32> = affected.filter(|at| !protector.was_hopeless(*at)).collect();
    for variable in to_prove {
        if !protector.must_be_protected(variable) {
            continue;
        }
        while let Some(changes) = protector.next_changes(variable) {
            let Some(shift) = protector.free_shift(variable, &changes) else {
                // Undo: show what was chosen, suppress the extras again.
                for at in chosen {
                    protector.unseen[*at as usize] = false;
                    let _ = protector.proofs.retract(network, *at);
                }
                for extra in &group.extras {
                    protector.unseen[*extra as usize] = true;
                }
                protector.proofs.restore(network, &retracted);
                return false;
            };
            protector.take(shift);
        }
    }
    true
}
