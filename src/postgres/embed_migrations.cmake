# cmake -D FOLDER=… -D NAMES=a,b -D OUTPUT=….cc -P embed_migrations.cmake: the SQL files as one C++ source.
string(REPLACE "," ";" NAMES "${NAMES}")
set(entries "")
foreach(name IN LISTS NAMES)
  if(NOT name MATCHES "^0*([1-9][0-9]*)_([a-z0-9_]+)$")
    message(FATAL_ERROR "migration ${name}: expected four digits, an underscore and a lower-case name")
  endif()
  set(version ${CMAKE_MATCH_1})
  set(title ${CMAKE_MATCH_2})
  file(READ ${FOLDER}/${name}.up.sql up)
  file(READ ${FOLDER}/${name}.down.sql down)
  string(APPEND entries
         "      Migration{${version}, \"${title}\", R\"pawl_sql(${up})pawl_sql\", R\"pawl_sql(${down})pawl_sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made from migrations/*.sql by embed_migrations.cmake.
#include <array>

#include \"pawl/postgres/migrations.h\"

namespace pawl::postgres {

std::span<const Migration> builtin_migrations() {
  static const std::array kMigrations{
${entries}  };
  return kMigrations;
}

}  // namespace pawl::postgres
")
