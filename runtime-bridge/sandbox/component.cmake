# The enforcing binary: static, so that no loader runs before it and nothing but the kernel is shared with the caller.
add_executable(bulkhead-exec "${dir}/exec_main.cpp")
target_link_libraries(bulkhead-exec PRIVATE ${target} bulkhead_options)
if(NOT BULKHEAD_SANITIZE)
  target_link_options(bulkhead-exec PRIVATE -static)
endif()
install(TARGETS bulkhead-exec RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# The first program inside a gVisor container: static, because nothing but it is there.
add_executable(bulkhead-init "${dir}/maximum_init_main.cpp" "${dir}/maximum_init_filter.cpp" "${dir}/maximum_start.cpp")
target_include_directories(bulkhead-init PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(bulkhead-init PRIVATE bulkhead_options)
bulkhead_static(bulkhead-init)
