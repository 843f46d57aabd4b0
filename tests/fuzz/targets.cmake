# The fuzz targets: each takes bytes that others wrote, is NAME_fuzz.cpp, and has its seeds in corpus/NAME.
#   bulkhead_fuzz_target(NAME LIBS component...) is the caller's: a libFuzzer program, or a replay of the seeds.

bulkhead_fuzz_target(parse LIBS lang/format lang/syntax lang/diag)
bulkhead_fuzz_target(load LIBS lang/frontend)
bulkhead_fuzz_target(table LIBS runtime-bridge/table)
bulkhead_fuzz_target(audit LIBS runtime-bridge/audit)
bulkhead_fuzz_target(capability LIBS lang/import/capabilities)
bulkhead_fuzz_target(arbac LIBS lang/import/arbac lang/diag)
bulkhead_fuzz_target(certificate LIBS checker/certificate)
bulkhead_fuzz_target(problem LIBS checker/safety)
bulkhead_fuzz_target(evidence LIBS checker/safety)
bulkhead_fuzz_target(selinux LIBS checker/selinux lang/import/selinux)
