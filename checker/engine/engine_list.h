// The engines of engines.def, as classes. Internal to checker/engine.
#pragma once

#include "checker/engine/engine.h"

namespace bulkhead::engine {

#define BH_ENGINE(Class, spelling, kind, summary)                                      \
  class Class final : public Engine {                                                  \
   public:                                                                             \
    std::string_view name() const override { return spelling; }                        \
    Role role() const override { return Role::kind; }                                  \
    bool decides(const obligation::Goal& goal) const override;                         \
    verdict::Verdict solve(const obligation::Obligation& obligation, Session& session, \
                           const Turn& turn) const override;                           \
  };
#include "checker/engine/engines.def"
#undef BH_ENGINE

}  // namespace bulkhead::engine
