#include "checker/query/flow_settings.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace bulkhead::query {
namespace {

using Names = std::set<std::string>;

Names end_of(const ir::World& world, const std::vector<ir::SubjectId>& end) {
  if (end.empty()) return {"the network"};
  Names names;
  for (const ir::SubjectId subject : end) names.insert(world.at(subject).name);
  return names;
}

std::string listed(const Names& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string text_of(const ir::World& world, const ir::Channel& channel) {
  return "channel " + listed(end_of(world, channel.from)) + (channel.both_ways ? " <-> " : " -> ") +
         listed(end_of(world, channel.to));
}

auto addresses(const ir::Channel& channel) {
  return std::tuple(channel.nets.everything, std::set(channel.nets.nets.begin(), channel.nets.nets.end()));
}

std::string label_name(const ir::World& world, const std::optional<ir::LabelId>& label) {
  return label ? world.at(*label).name : "none";
}

class FlowSettings {
 public:
  FlowSettings(const ir::World& older, const ir::World& newer) : older_(older), newer_(newer) {}

  std::vector<SettingChange> run() {
    channels();
    declassifications();
    for (const ir::Subject& now : newer_.subjects) {
      for (const ir::Subject& before : older_.subjects) {
        if (before.name == now.name && before.kind == now.kind) subject(before, now);
      }
    }
    labelled_objects();
    return std::move(changes_);
  }

 private:
  void tell(Change change, const std::string& who, std::string setting,
            std::optional<ir::SentenceId> sentence = std::nullopt) {
    if (sentence && !sentence->valid()) sentence.reset();
    changes_.push_back({change, who, std::move(setting), sentence});
  }

  static const ir::Channel* named(const ir::World& world, const std::string& name) {
    const auto found = std::find_if(world.channels.begin(), world.channels.end(),
                                    [&](const ir::Channel& one) { return one.name == name; });
    return found == world.channels.end() ? nullptr : &*found;
  }

  void channels() {
    for (const ir::Channel& now : newer_.channels) {
      const ir::Channel* before = named(older_, now.name);
      if (before == nullptr) {
        tell(Change::Added, now.name, text_of(newer_, now), now.sentence);
      } else {
        channel(*before, now);
      }
    }
    for (const ir::Channel& before : older_.channels) {
      if (named(newer_, before.name) == nullptr) tell(Change::Removed, before.name, text_of(older_, before));
    }
  }

  void channel(const ir::Channel& before, const ir::Channel& now) {
    const auto told = [&](bool looser, std::string setting) {
      tell(looser ? Change::Added : Change::Removed, now.name, std::move(setting), now.sentence);
    };
    const std::string was = text_of(older_, before), is = text_of(newer_, now);
    if (was != is) {
      const auto within = [](const Names& few, const Names& many) {
        return std::includes(many.begin(), many.end(), few.begin(), few.end());
      };
      const bool fewer = within(end_of(newer_, now.from), end_of(older_, before.from)) &&
                         within(end_of(newer_, now.to), end_of(older_, before.to)) &&
                         (before.both_ways || !now.both_ways);
      told(!fewer, is + " (was: " + was + ")");
    }
    if (before.intact != now.intact)
      told(before.intact, now.intact ? "channel is protected from forging" : "channel can be forged on");
    if (before.confidential != now.confidential)
      told(before.confidential, now.confidential ? "channel is confidential" : "channel can be overheard");
    if (before.bounded != now.bounded)
      told(true, now.bounded ? "channel can be full, which its sender sees" : "channel is never full");
    if (addresses(before) != addresses(now)) told(true, "channel to other addresses");
  }

  using Release = std::tuple<std::string, std::string, std::string, std::string>;

  static Release release(const ir::World& world, const ir::Declassification& one) {
    return {world.at(one.by).name, world.at(one.from).name, world.at(one.to).name, world.at(one.through).name};
  }

  void declassifications() {
    const auto compare = [&](const ir::World& first, const ir::World& second, Change change) {
      std::set<Release> known;
      for (const ir::Declassification& one : second.declassifications) known.insert(release(second, one));
      for (const ir::Declassification& one : first.declassifications) {
        const auto& [by, from, to, through] = release(first, one);
        if (known.contains({by, from, to, through})) continue;
        const auto sentence = change == Change::Added ? std::optional(one.sentence) : std::nullopt;
        tell(change, by, "declassifies " + from + " to " + to + " through " + through, sentence);
      }
    };
    compare(newer_, older_, Change::Added);
    compare(older_, newer_, Change::Removed);
  }

  void subject(const ir::Subject& before, const ir::Subject& now) {
    const auto label = [&](const char* what, const auto& was, const auto& is) {
      const std::string old_name = label_name(older_, was), new_name = label_name(newer_, is);
      if (old_name != new_name)
        tell(Change::Added, now.name, what + new_name + " (was: " + old_name + ")", now.sentence);
    };
    label("label ", before.label, now.label);
    label("clearance ", before.clearance, now.clearance);
    const std::string was = before.trusted ? before.follows : "", is = now.trusted ? now.follows : "";
    if (was == is) return;
    const auto spelt = [](const std::string& protocol) { return protocol.empty() ? "nothing" : protocol; };
    tell(was.empty() ? Change::Removed : Change::Added, now.name, "follows " + spelt(is) + " (was: " + spelt(was) + ")",
         now.sentence);
  }

  /// The patterns of the files with each label, volumes by their names.
  static auto files_by_label(const ir::World& world) {
    std::set<std::tuple<std::string, std::string, std::string, std::string>> files;
    for (const ir::ObjectSet& set : world.sets) {
      if (!set.label || set.plane != ir::Plane::File) continue;
      const std::string label = world.at(*set.label).name;
      if (set.patterns.everything) files.insert({label, "", "", ""});
      for (const ir::FilePattern& file : set.patterns.files)
        files.insert({label, world.at(file.volume).name, file.glob, file.prefix});
    }
    return files;
  }

  /// The addresses with each label.
  static auto nets_by_label(const ir::World& world) {
    std::set<std::tuple<std::string, bool, std::optional<ir::NetPattern>>> nets;
    for (const ir::ObjectSet& set : world.sets) {
      if (!set.label || set.plane != ir::Plane::Net) continue;
      const std::string label = world.at(*set.label).name;
      if (set.patterns.everything) nets.insert({label, true, std::nullopt});
      for (const ir::NetPattern& net : set.patterns.nets) nets.insert({label, false, net});
    }
    return nets;
  }

  /// Of each label that `first` puts somewhere and `second` does not.
  template <typename Labelled>
  void labelled(const Labelled& first, const Labelled& second, const char* how) {
    Names labels;
    for (const auto& one : first) {
      if (!second.contains(one)) labels.insert(std::get<0>(one));
    }
    for (const std::string& label : labels) tell(Change::Added, "label " + label, how);
  }

  void labelled_objects() {
    const auto files_before = files_by_label(older_), files_now = files_by_label(newer_);
    labelled(files_now, files_before, "is on other files");
    labelled(files_before, files_now, "is no longer on some files");
    const auto nets_before = nets_by_label(older_), nets_now = nets_by_label(newer_);
    labelled(nets_now, nets_before, "is on other addresses");
    labelled(nets_before, nets_now, "is no longer on some addresses");
  }

  const ir::World& older_;
  const ir::World& newer_;
  std::vector<SettingChange> changes_;
};

}  // namespace

std::vector<SettingChange> flow_settings(const ir::World& older, const ir::World& newer) {
  return FlowSettings(older, newer).run();
}

}  // namespace bulkhead::query
