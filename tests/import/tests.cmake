bulkhead_test(import_json fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/json_test.cpp LIBS lang/import/json lang/diag)
bulkhead_test(import_capabilities fast
  SOURCES ${CMAKE_CURRENT_LIST_DIR}/capabilities_test.cpp ${CMAKE_CURRENT_LIST_DIR}/address_test.cpp
          ${CMAKE_CURRENT_LIST_DIR}/capability_merge_test.cpp
  LIBS lang/import/capabilities lang/diag)
bulkhead_test(import_oci fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/oci_test.cpp LIBS lang/import/oci lang/diag)
bulkhead_test(import_round_trip fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/round_trip_test.cpp
  LIBS lang/frontend lang/import/capabilities lang/import/oci runtime-bridge/emit runtime-bridge/decode)
bulkhead_test(import_arbac fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/arbac_test.cpp LIBS lang/import/arbac lang/diag)
target_include_directories(import_arbac PRIVATE ${CMAKE_SOURCE_DIR})
bulkhead_test(import_arbac_model slow SOURCES ${CMAKE_CURRENT_LIST_DIR}/arbac_model_test.cpp
  LIBS lang/frontend lang/import/arbac checker/query)
target_include_directories(import_arbac_model PRIVATE ${CMAKE_SOURCE_DIR})
