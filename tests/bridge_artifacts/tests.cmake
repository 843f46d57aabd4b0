bulkhead_test(artifact_landlock fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/landlock_test.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode)
bulkhead_test(artifact_nftables runtime SOURCES ${CMAKE_CURRENT_LIST_DIR}/nftables_test.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode)
bulkhead_test(artifact_cgroup fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/cgroup_test.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode)
bulkhead_test(artifact_oci fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/oci_test.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode)
bulkhead_test(artifact_seam slow TIMEOUT 300 SOURCES ${CMAKE_CURRENT_LIST_DIR}/seam_test.cpp
  LIBS checker/query lang/frontend runtime-bridge/emit runtime-bridge/decode)
bulkhead_test(artifact_landlock_kernel runtime SOURCES ${CMAKE_CURRENT_LIST_DIR}/landlock_kernel_test.cpp
  LIBS runtime-bridge/decode)
