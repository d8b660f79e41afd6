#include "pawl/outbox/row_columns.h"

namespace pawl::outbox {
namespace {

std::optional<std::string_view> text_of(const postgres::Result& result, int row, int column) {
  if (result.is_null(row, column)) return std::nullopt;
  return result.text(row, column);
}

}  // namespace

OutboxRow row_at(const postgres::Result& result, int row, int first) {
  enum Column {
    kTopic,
    kKey,
    kId,
    kType,
    kSource,
    kContentType,
    kCorrelationId,
    kCausationId,
    kTraceparent,
    kHeaders,
    kPayload,
    kCausedAt,
    kCreatedAt,
  };
  const auto text = [&](Column column) { return result.text(row, first + column); };
  const auto maybe = [&](Column column) { return text_of(result, row, first + column); };
  return {.topic = text(kTopic),
          .key = maybe(kKey),
          .id = result.uuid(row, first + kId),
          .type = text(kType),
          .source = text(kSource),
          .content_type = text(kContentType),
          .correlation_id = maybe(kCorrelationId),
          .causation_id = maybe(kCausationId),
          .traceparent = maybe(kTraceparent),
          .headers = maybe(kHeaders),
          .payload = maybe(kPayload),
          .caused_at = result.is_null(row, first + kCausedAt) ? WallTime{}
                                                              : result.time(row, first + kCausedAt),
          .created_at = result.time(row, first + kCreatedAt)};
}

}  // namespace pawl::outbox
