// The SQL that a declared table needs: load, insert, update, check. Made once from its shape. Each
// is set-wise, with one array per column.
#pragma once

#include "pawl/engine/table_access.h"
#include "pawl/postgres/connection.h"

namespace pawl::engine {

struct TableStatements {
  explicit TableStatements(const TableShape& shape);

  postgres::Statement load;         // keys → columns, version
  postgres::Statement load_locked;  // the same FOR UPDATE, in key order
  postgres::Statement
      insert;  // columns[, versions]; an existing key inserts nothing: the row count tells
  postgres::Statement update;  // columns, versions, seen
  postgres::Statement check;   // keys → key, version FOR SHARE
};

/// Parameters of insert or update, whichever the write is.
void encode(const TableWrite& write, postgres::Parameters& into);

/// The rows that load returned.
[[nodiscard]] TableRows decode_rows(const TableShape& shape, const postgres::Result& result);

/// Whether the rows that check returned are exactly those expected.
[[nodiscard]] bool still_true(const TableCheck& check, const postgres::Result& result);

}  // namespace pawl::engine
