// The typed indices of ir::World.
#pragma once

#include "lang/base/id.h"

namespace bulkhead::ir {

using SentenceId = Id<struct SentenceTag>;
using VolumeId = Id<struct VolumeTag>;
using ObjectSetId = Id<struct ObjectSetTag>;
using LabelId = Id<struct LabelTag>;
using EnumId = Id<struct EnumTag>;
using AttributeId = Id<struct AttributeTag>;
using SubjectId = Id<struct SubjectTag>;
using RuleId = Id<struct RuleTag>;
using ExprId = Id<struct ExprTag>;
using SyscallId = Id<struct SyscallTag>;
using ClaimId = Id<struct ClaimTag>;
using ChannelId = Id<struct WorldChannelTag>;
using DelegationId = Id<struct DelegationTag>;
using RevocationId = Id<struct RevocationTag>;
using PossessionId = Id<struct PossessionTag>;
using SystemId = Id<struct WorldSystemTag>;

}  // namespace bulkhead::ir
