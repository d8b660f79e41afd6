# Installs Pawl into WORK_FOLDER/prefix, then makes the project that README.md shows and builds it against that.
# A block of README.md becomes a file when the line before it is a comment with the file's name: <!-- consumer.cc -->
cmake_minimum_required(VERSION 3.25)

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${what} failed:\n${output}")
  endif()
endfunction()

# Writes every named block of README.md into `folder` and its names into `names`.
function(extract_blocks folder names)
  file(READ ${SOURCE_FOLDER}/README.md rest)
  set(found)
  while(rest MATCHES "<!-- ([A-Za-z0-9_./-]+) -->\n+```[a-z+]*\n")
    set(name ${CMAKE_MATCH_1})
    string(FIND "${rest}" "${CMAKE_MATCH_0}" begin)
    string(LENGTH "${CMAKE_MATCH_0}" skipped)
    math(EXPR begin "${begin} + ${skipped}")
    string(SUBSTRING "${rest}" ${begin} -1 rest)
    string(FIND "${rest}" "\n```" end)
    string(SUBSTRING "${rest}" 0 ${end} block)
    file(WRITE ${folder}/${name} "${block}\n")
    list(APPEND found ${name})
  endwhile()
  set(${names} ${found} PARENT_SCOPE)
endfunction()

if(NOT EXISTS ${SOURCE_FOLDER}/README.md)
  message(FATAL_ERROR "README.md is missing: it holds the consumer that this test builds")
endif()
file(REMOVE_RECURSE ${WORK_FOLDER})
extract_blocks(${WORK_FOLDER}/project names)
if(NOT "consumer.cc" IN_LIST names)
  message(FATAL_ERROR "README.md has no code block after a line <!-- consumer.cc -->; found: ${names}")
endif()
if(NOT "CMakeLists.txt" IN_LIST names)
  file(COPY ${CMAKE_CURRENT_LIST_DIR}/project/CMakeLists.txt DESTINATION ${WORK_FOLDER}/project)
endif()

set(build ${WORK_FOLDER}/build)
run("cmake --install" ${CMAKE_COMMAND} --install ${BUILD_FOLDER} --prefix ${WORK_FOLDER}/prefix)
run("configuring the outside project" ${CMAKE_COMMAND} -G Ninja -S ${WORK_FOLDER}/project -B ${build}
    -D CMAKE_PREFIX_PATH=${WORK_FOLDER}/prefix -D CMAKE_CXX_COMPILER=${COMPILER}
    -D CMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -D FETCHCONTENT_FULLY_DISCONNECTED=ON)
run("building the outside project" ${CMAKE_COMMAND} --build ${build})
run("asking the consumer for help" ${build}/consumer --help)
file(REMOVE_RECURSE ${WORK_FOLDER})
