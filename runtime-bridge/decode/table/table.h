// What the bytes of a table mean, and the proof that they mean the policy. Trusted.
#pragma once

#include <string_view>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/decode/comparison.h"
#include "runtime-bridge/decode/expected.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::decode {

/// What a table is said to allow that leaves memory to its filters (Table::exec_gain_by_filter) where these do not keep
/// it.
inline constexpr const char* kExecGain = "memory that becomes executable";
/// The same of a table for a program that the runtime starts (Inputs::started), where a filter lets an exec pass
/// unseen.
inline constexpr const char* kUnseenExec = "an exec that no listener sees";

/// Every way in which the table differs from what `world` says about `subject`:
///
/// * rows: for each right on files, sockets and kernel capabilities, the objects that the rows allow are exactly those
///   that the access relation allows: all paths of every volume, all addresses, ports and protocols, all 64
///   capabilities;
/// * volumes, mounts, root, namespaces, identity, environment, degradations, limits;
/// * both filters, for every architecture, number and arguments, and the rows that answer what they hand over; if
///   the table leaves memory to them, that none of it becomes executable;
/// * the Landlock and nftables parts (what Landlock grants less than the policy counts at level standard; at the others
///   the listener opens it); what it lets the runtime execute as it starts the program, beside the policy, is accepted
///   because both filters hand every exec to the listener;
/// * what the run put in: digests and the runtime closure;
/// * what is said of all that: provenance.h.
///
/// No field is left out; a test changes each of them in turn (tests/bridge_table/field_test.cpp).
Comparison compare_table(const table::Table& table, const ir::World& world, ir::SubjectId subject,
                         const Expected& expected);

/// The same from the bytes alone.
Result<Comparison, DecodeError> compare_table_bytes(std::string_view bytes, const ir::World& world,
                                                    ir::SubjectId subject, const Expected& expected);

}  // namespace bulkhead::decode
