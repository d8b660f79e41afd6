// PostgreSQL's built-in type numbers, fixed for ever (src/include/catalog/pg_type.dat). Private to
// this folder and its tests.
#pragma once

#include <cstdint>

namespace pawl::postgres::oid {

inline constexpr std::uint32_t kBool = 16;
inline constexpr std::uint32_t kBytea = 17;
inline constexpr std::uint32_t kName = 19;
inline constexpr std::uint32_t kInt8 = 20;
inline constexpr std::uint32_t kInt2 = 21;
inline constexpr std::uint32_t kInt4 = 23;
inline constexpr std::uint32_t kText = 25;
inline constexpr std::uint32_t kJson = 114;
inline constexpr std::uint32_t kFloat4 = 700;
inline constexpr std::uint32_t kFloat8 = 701;
inline constexpr std::uint32_t kUnknown = 705;
inline constexpr std::uint32_t kBpchar = 1042;
inline constexpr std::uint32_t kVarchar = 1043;
inline constexpr std::uint32_t kTimestamptz = 1184;
inline constexpr std::uint32_t kUuid = 2950;
inline constexpr std::uint32_t kJsonb = 3802;

inline constexpr std::uint32_t kBoolArray = 1000;
inline constexpr std::uint32_t kByteaArray = 1001;
inline constexpr std::uint32_t kInt2Array = 1005;
inline constexpr std::uint32_t kInt4Array = 1007;
inline constexpr std::uint32_t kTextArray = 1009;
inline constexpr std::uint32_t kInt8Array = 1016;
inline constexpr std::uint32_t kTimestamptzArray = 1185;
inline constexpr std::uint32_t kUuidArray = 2951;
inline constexpr std::uint32_t kJsonbArray = 3807;

}  // namespace pawl::postgres::oid
