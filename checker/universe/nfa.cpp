#include "checker/universe/nfa.h"

#include <algorithm>
#include <map>

namespace bulkhead::universe {

Result<Nfa, PatternError> Nfa::build(std::vector<PathPattern> patterns) {
  std::sort(patterns.begin(), patterns.end());
  patterns.erase(std::unique(patterns.begin(), patterns.end()), patterns.end());
  Nfa nfa;
  nfa.patterns_ = std::move(patterns);
  std::vector<StateId> first_of;  // of each pattern, and one past the last
  for (std::uint32_t index = 0; index < nfa.patterns_.size(); ++index) {
    const PathPattern& pattern = nfa.patterns_[index];
    const auto glob = parse_glob(pattern.glob);
    if (!glob) return fail(PatternError{pattern, glob.error().reason});
    std::vector<std::vector<ByteSequence>> classes;
    for (const ScalarSet& set : glob->classes) classes.push_back(utf8_sequences(set));
    first_of.push_back(static_cast<StateId>(nfa.states_.size()));
    for (std::uint32_t alternative = 0; alternative < glob->alternatives.size(); ++alternative) {
      nfa.add_alternative(glob->alternatives[alternative], classes, {index, alternative, 0, 0, 0});
      if (nfa.states_.size() > kMaxStates)
        return fail(
            PatternError{pattern, "the patterns together have more than " + std::to_string(kMaxStates) + " states"});
    }
  }
  first_of.push_back(static_cast<StateId>(nfa.states_.size()));
  nfa.seal(std::move(nfa.pending_));

  for (std::uint32_t index = 0; index < nfa.patterns_.size(); ++index) {
    StateSet states;
    for (StateId state = first_of[index]; state < first_of[index + 1]; ++state)
      if (nfa.place(state).token == 0 && nfa.place(state).byte == 0) states.push_back(state);
    nfa.close(states);
    for (const char c : nfa.patterns_[index].prefix) states = nfa.step(states, static_cast<std::uint8_t>(c));
    nfa.holds_root_ =
        nfa.holds_root_ || nfa.accepts(nfa.patterns_[index].prefix.empty() ? nfa.step(states, '/') : states);
    nfa.initial_.insert(nfa.initial_.end(), states.begin(), states.end());
  }
  nfa.close(nfa.initial_);
  nfa.number_bytes();
  return nfa;
}

StateId Nfa::add_state(const Place& place) {
  states_.push_back({});
  states_.back().place = place;
  return static_cast<StateId>(states_.size() - 1);
}

void Nfa::add_alternative(const std::vector<Token>& tokens, const std::vector<std::vector<ByteSequence>>& classes,
                          const Place& place) {
  const auto base = static_cast<StateId>(states_.size());
  const auto count = static_cast<std::uint32_t>(tokens.size());
  for (std::uint32_t i = 0; i <= count; ++i) add_state({place.pattern, place.alternative, i, 0, 0});
  states_[base + count].accepts = true;
  for (std::uint32_t i = 0; i < count; ++i) {
    const StateId here = base + i;
    const StateId next = here + 1;
    switch (tokens[i].kind) {
      case Token::Kind::Byte:
        pending_.push_back({here, {tokens[i].byte, tokens[i].byte, next}});
        break;
      case Token::Kind::Class:
        add_class(classes[tokens[i].scalars], here, next);
        break;
      case Token::Kind::Segment:
        states_[here].loop = Loop::Segment;
        states_[here].silent = next;
        break;
      case Token::Kind::Anything:
        states_[here].loop = Loop::All;
        states_[here].silent = next;
        break;
      case Token::Kind::Subtree: {
        const StateId inside = add_state({place.pattern, place.alternative, i, 1, 0});
        states_[here].silent = next;
        pending_.push_back({here, {'/', '/', inside}});
        states_[inside].loop = Loop::All;
        states_[inside].silent = next;
        break;
      }
    }
  }
  // What loops on every byte and reaches the end in silence accepts whatever follows.
  for (StateId state = base; state < states_.size(); ++state) {
    StateId end = state;
    while (states_[end].silent != kNoState && !states_[end].accepts) end = states_[end].silent;
    states_[state].always = states_[state].loop == Loop::All && states_[end].accepts;
  }
}

void Nfa::add_class(const std::vector<ByteSequence>& sequences, StateId from, StateId to) {
  Place place = states_[from].place;
  for (std::uint32_t number = 0; number < sequences.size(); ++number) {
    const ByteSequence& sequence = sequences[number];
    StateId here = from;
    for (std::uint8_t i = 0; i < sequence.length; ++i) {
      place.byte = static_cast<std::uint8_t>(i + 1);
      place.sequence = number;
      const StateId next = i + 1 == sequence.length ? to : add_state(place);
      pending_.push_back({here, {sequence.low[i], sequence.high[i], next}});
      here = next;
    }
  }
}

void Nfa::seal(std::vector<std::pair<StateId, Edge>> edges) {
  std::stable_sort(edges.begin(), edges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  edges_.reserve(edges.size());
  std::size_t at = 0;
  for (StateId state = 0; state < states_.size(); ++state) {
    states_[state].first_edge = static_cast<std::uint32_t>(at);
    for (; at < edges.size() && edges[at].first == state; ++at) edges_.push_back(edges[at].second);
    states_[state].last_edge = static_cast<std::uint32_t>(at);
  }
}

void Nfa::close(StateSet& states) const {
  for (std::size_t i = 0; i < states.size(); ++i)
    if (const StateId next = silent(states[i]); next != kNoState) states.push_back(next);
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
}

StateSet Nfa::step(const StateSet& states, std::uint8_t byte) const {
  StateSet next;
  for (const StateId state : states) {
    if (loop(state) == Loop::All || (loop(state) == Loop::Segment && byte != '/')) next.push_back(state);
    for (const Edge& edge : edges(state))
      if (edge.low <= byte && byte <= edge.high) next.push_back(edge.target);
  }
  close(next);
  return next;
}

bool Nfa::accepts(const StateSet& states) const {
  return std::any_of(states.begin(), states.end(), [&](StateId state) { return accepts(state); });
}

/// Cuts 0..255 where some edge begins or ends; two pieces with the same edges get one number.
void Nfa::number_bytes() {
  std::map<std::pair<std::uint8_t, std::uint8_t>, std::uint32_t> ranges;
  for (const Edge& edge : edges_) ranges.emplace(std::pair{edge.low, edge.high}, 0);
  std::array<std::uint32_t, 256> number{};
  number['/'] = 1;  // loops tell it apart
  std::uint32_t count = 2;
  for (const auto& [range, unused] : ranges) {
    std::map<std::uint32_t, std::uint32_t> split;
    for (unsigned byte = range.first; byte <= range.second; ++byte) {
      const auto [found, fresh] = split.emplace(number[byte], count);
      if (fresh) ++count;
      number[byte] = found->second;
    }
  }
  std::map<std::uint32_t, std::uint8_t> dense;
  for (unsigned byte = 0; byte < 256; ++byte)
    byte_classes_[byte] = dense.emplace(number[byte], static_cast<std::uint8_t>(dense.size())).first->second;
  byte_class_count_ = dense.size();
}

bool is_path(std::string_view text) {
  if (text.empty() || text[0] != '/' || text.find('\0') != std::string_view::npos) return false;
  if (text == "/") return true;
  for (std::size_t at = 1;;) {
    const std::size_t end = std::min(text.find('/', at), text.size());
    const std::string_view segment = text.substr(at, end - at);
    if (segment.empty() || segment == "." || segment == "..") return false;
    if (end == text.size()) return true;
    at = end + 1;
  }
}

}  // namespace bulkhead::universe
