//! Sets of players, and how players stand together.

use cobden_world::Problem;

/// Most players: there are 255 coalitions and 4140 partitions of eight.
pub const MAX_PLAYERS: usize = 8;

/// A set of players, who count from 0. As a number: bit `p` is player `p`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coalition(u8);

impl Coalition {
    /// The coalition of these players.
    ///
    /// # Errors
    /// No player; a player above the eighth.
    ///
    /// ```
    /// use cobden_strategy::coalition::Coalition;
    /// let pair = Coalition::new([0, 2])?;
    /// assert_eq!(pair.members().collect::<Vec<_>>(), [0, 2]);
    /// assert_eq!(pair.others(4).unwrap(), Coalition::new([1, 3])?);
    /// assert!(Coalition::new([]).is_err());
    /// # Ok::<(), cobden_world::Problem>(())
    /// ```
    pub fn new(members: impl IntoIterator<Item = usize>) -> Result<Self, Problem> {
        let mut bits = 0;
        for player in members {
            if player >= MAX_PLAYERS {
                return Err(Problem::new(format!("player {player}: coalitions have at most {MAX_PLAYERS} players"))
                    .help("players count from 0"));
            }
            bits |= 1 << player;
        }
        Self::from_bits(bits).ok_or_else(|| Problem::new("an empty coalition").help("name at least one player"))
    }

    /// The coalition with these bits; `None` of no bit.
    pub(crate) fn from_bits(bits: u8) -> Option<Self> {
        (bits != 0).then_some(Self(bits))
    }

    pub(crate) fn bits(self) -> u8 {
        self.0
    }

    /// One player. Must be below [`MAX_PLAYERS`].
    pub(crate) fn single(player: usize) -> Self {
        debug_assert!(player < MAX_PLAYERS);
        Self(1 << player)
    }

    /// All of `players` players, 1 to [`MAX_PLAYERS`].
    pub(crate) fn grand(players: usize) -> Self {
        debug_assert!((1..=MAX_PLAYERS).contains(&players));
        Self(u8::MAX >> (MAX_PLAYERS - players))
    }

    /// Every coalition of `players` players, smaller ones first, those of one size by their members in order:
    /// `{0} {1} {2} {0 1} {0 2} {1 2} {0 1 2}`. None if there are more than [`MAX_PLAYERS`].
    pub fn all(players: usize) -> Vec<Coalition> {
        if players == 0 || players > MAX_PLAYERS {
            return Vec::new();
        }
        let mut all: Vec<_> = (1..=Self::grand(players).0).map(Self).collect();
        all.sort_by_key(|coalition| (coalition.len(), coalition.0.reverse_bits() ^ u8::MAX));
        all
    }

    /// Its members, in order.
    pub fn members(self) -> impl Iterator<Item = usize> + Clone {
        (0..MAX_PLAYERS).filter(move |player| self.contains(*player))
    }

    /// How many members it has, at least one.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether a player is in it.
    pub fn contains(self, player: usize) -> bool {
        player < MAX_PLAYERS && self.0 & (1 << player) != 0
    }

    /// Whether all its members are in the other.
    pub fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Those in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// It without a player; `None` if nobody is left.
    pub fn without(self, player: usize) -> Option<Self> {
        if self.contains(player) { Self::from_bits(self.0 & !(1 << player)) } else { Some(self) }
    }

    /// Those of `players` players who are not in it; `None` if all are.
    pub fn others(self, players: usize) -> Option<Self> {
        Self::from_bits(!self.0 & Self::grand(players.clamp(1, MAX_PLAYERS)).0)
    }
}

/// Who stands with whom: disjoint blocks, each choosing its tariffs together, the blocks against one another. Players in no block keep
/// the tariffs they have.
///
/// Blocks are in the order of their first members, so that one structure has one spelling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Structure(Vec<Coalition>);

impl Structure {
    /// The structure of these blocks, in any order.
    ///
    /// # Errors
    /// No block; a player in two.
    pub fn new(blocks: impl IntoIterator<Item = Coalition>) -> Result<Self, Problem> {
        let mut blocks: Vec<Coalition> = blocks.into_iter().collect();
        if blocks.is_empty() {
            return Err(Problem::new("a coalition structure without blocks").help("name at least one coalition"));
        }
        let mut seen = 0;
        for block in &blocks {
            if let Some(twice) = Coalition::from_bits(seen & block.0).and_then(|twice| twice.members().next()) {
                return Err(Problem::new(format!("player {twice} is in two coalitions of one structure")));
            }
            seen |= block.0;
        }
        blocks.sort_by_key(|block| block.0.trailing_zeros());
        Ok(Self(blocks))
    }

    /// Of blocks that are disjoint and at least one.
    pub(crate) fn of_disjoint(mut blocks: Vec<Coalition>) -> Self {
        blocks.sort_by_key(|block| block.0.trailing_zeros());
        Self(blocks)
    }

    /// The blocks.
    pub fn blocks(&self) -> &[Coalition] {
        &self.0
    }

    /// All who move: the members of all blocks.
    pub fn movers(&self) -> Coalition {
        self.0.iter().copied().fold(self.0[0], Coalition::union)
    }

    /// The block a player is in, if it moves at all.
    pub fn block_of(&self, player: usize) -> Option<Coalition> {
        self.0.iter().copied().find(|block| block.contains(player))
    }
}

/// Every partition of `players` players into coalitions, in a fixed order: from all together to each alone, by the block that each player
/// joins (restricted growth strings in lexicographic order). Bell's numbers: 1, 2, 5, 15, 52, 203, 877, 4140. None of no player or of
/// more than [`MAX_PLAYERS`].
///
/// ```
/// use cobden_strategy::coalition::partitions;
/// assert_eq!(partitions(8).len(), 4140);
/// ```
pub fn partitions(players: usize) -> Vec<Structure> {
    if players == 0 || players > MAX_PLAYERS {
        return Vec::new();
    }
    let mut open: Vec<Vec<Coalition>> = vec![vec![Coalition::single(0)]];
    for player in 1..players {
        let joined = |blocks: Vec<Coalition>| {
            let each = 0..=blocks.len();
            each.map(move |at| {
                let mut blocks = blocks.clone();
                match blocks.get_mut(at) {
                    Some(block) => *block = block.union(Coalition::single(player)),
                    None => blocks.push(Coalition::single(player)),
                }
                blocks
            })
        };
        open = open.into_iter().flat_map(joined).collect();
    }
    open.into_iter().map(Structure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_are_bells_many_and_all_different() {
        for (players, bell) in [1, 2, 5, 15, 52, 203, 877, 4140].into_iter().enumerate() {
            let all = partitions(players + 1);
            let different: std::collections::BTreeSet<_> = all.iter().collect();
            assert_eq!((all.len(), different.len()), (bell, bell));
            for structure in &all {
                assert_eq!(structure.movers(), Coalition::grand(players + 1));
                assert_eq!(&Structure::new(structure.blocks().iter().rev().copied()).unwrap(), structure);
            }
        }
        assert!(partitions(0).is_empty() && partitions(9).is_empty());
    }

    #[test]
    fn coalitions_come_small_ones_first_and_then_by_members() {
        let members: Vec<Vec<usize>> = Coalition::all(3).into_iter().map(|c| c.members().collect()).collect();
        assert_eq!(members, [vec![0], vec![1], vec![2], vec![0, 1], vec![0, 2], vec![1, 2], vec![0, 1, 2]]);
        assert_eq!(Coalition::all(8).len(), 255);
    }

    #[test]
    fn what_is_no_coalition_says_so() {
        assert_eq!(Coalition::new([]).unwrap_err().to_string(), "an empty coalition (name at least one player)");
        assert!(Coalition::new([8]).unwrap_err().to_string().contains("at most 8 players"));
        let twice = Structure::new([Coalition::new([0, 1]).unwrap(), Coalition::new([1]).unwrap()]).unwrap_err();
        assert_eq!(twice.to_string(), "player 1 is in two coalitions of one structure");
        assert!(Structure::new([]).is_err());
    }
}
