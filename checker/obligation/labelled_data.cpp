#include "checker/obligation/labelled_data.h"

#include "checker/obligation/making.h"
#include "lang/ir/label.h"
#include "lang/ir/labelled_net.h"

namespace bulkhead::obligation {
namespace {

/// `subject` reads something that has at least this label.
void labelled_object(std::vector<Influence>& edges, Making& making, ir::LabelId label, ir::SubjectId subject) {
  const ir::World& world = making.world;
  ir::ObjectPatterns objects;
  objects.everything = ir::least_label(world) == label;  // everything has that one
  for (const ir::ObjectSet& set : world.sets) {
    if (!set.label || set.plane != ir::Plane::File || !ir::at_most(world, label, *set.label)) continue;
    objects.files.insert(objects.files.end(), set.patterns.files.begin(), set.patterns.files.end());
    objects.everything = objects.everything || set.patterns.everything;
  }
  std::vector<NodeId> ways;
  const Volumes spoken_of = volumes_of(world, objects);
  for (const ir::Right right : rights_of(world.flow.out_of_file)) {
    const Volumes volumes = intersection(spoken_of, reachable_volumes(making.rules, subject, right));
    Scope scope{making.rules, making.build, subject, right, 0, volumes, std::nullopt, making.refusal};
    const NodeId may = making.build.both(authority(scope, making.actors), member(scope, objects));
    if (may != Builder::constant(false)) making.acts.push_back({subject, right, 0});
    ways.push_back(may);
    const NodeId moves = making.may_move(subject, right, 0, volumes);
    Scope itself{making.rules, making.build, subject, right, 0, volumes, std::nullopt, making.refusal};
    if (moves != Builder::constant(false)) ways.push_back(making.build.both(moves, member(itself, objects)));
  }
  making.add(edges, making.build.any(ways), Cause::LabelledObject, ir::Plane::File,
             world.at(subject).name + " reads what is labelled " + world.at(label).name);
}

/// `subject` uses `right` on an address that data of this label comes from. Who binds is told what any host sends, so
/// its own address does not matter. One edge for each right: of a solution it is known which right it is about.
void labelled_address(std::vector<Influence>& edges, Making& making, ir::LabelId label, ir::SubjectId subject,
                      ir::Right right) {
  const NodeId from =
      right == ir::Right::Bind ? Builder::constant(true) : making.build.member(ir::addresses_with(making.world, label));
  const NodeId root = making.build.both(making.may(subject, right, 0, {}), from);
  making.add(edges, root, Cause::LabelledObject, ir::Plane::Net,
             making.world.at(subject).name + " receives what is labelled " + making.world.at(label).name);
}

}  // namespace

std::optional<Refusal> labelled_data(std::vector<Influence>& edges, const Rules& rules, ir::Actors actors,
                                     ir::LabelId label, ir::SubjectId to) {
  const ir::World& world = rules.world();
  const ir::Subject& subject = world.at(to);
  if (subject.label && ir::at_most(world, label, *subject.label)) {
    edges.push_back({Cause::LabelledSubject, std::nullopt, {subject.sentence}});
  }
  Making files{rules, actors};
  labelled_object(edges, files, label, to);
  if (files.refusal || !ir::has_address(ir::addresses_with(world, label))) return files.refusal;
  for (const ir::Right right : rights_of(world.flow.out_of_network)) {
    Making addresses{rules, actors};
    labelled_address(edges, addresses, label, to, right);
    if (addresses.refusal) return addresses.refusal;
  }
  return std::nullopt;
}

void keep_labelled(std::vector<Influence>& received, const ir::World& world, ir::LabelId label) {
  const ir::ObjectPatterns addresses = ir::addresses_with(world, label);
  std::erase_if(received, [&](const Influence& edge) {
    const bool forged = edge.cause == Cause::Forged && ir::has_address(addresses);
    return !forged && !ir::comes_from(world.at(edge.channel), addresses);
  });
}

void labelled_network(std::vector<Influence>& edges, const ir::World& world, ir::LabelId label) {
  if (!world.flow.between_hosts || !ir::has_address(ir::addresses_with(world, label))) return;
  Influence edge;
  edge.cause = Cause::LabelledObject;
  for (const ir::ObjectSet& set : world.sets) {
    const bool labelled = set.label && set.plane == ir::Plane::Net && ir::at_most(world, label, *set.label);
    if (labelled && set.sentence.valid()) edge.sentences.push_back(set.sentence);
  }
  edges.push_back(std::move(edge));
}

}  // namespace bulkhead::obligation
