#include "pawl/codec/structured_event.h"

#include "pawl/codec/content_type.h"
#include "pawl/codec/json_document.h"
#include "pawl/codec/text.h"

namespace pawl::codec {
namespace {

using Json = nlohmann::json;
using Problem = std::optional<std::string>;

Problem read_attribute(Json& event,
                       const char* name,
                       MessageArena& arena,
                       std::optional<std::string_view>& into) {
  const auto at = event.find(name);
  if (at == event.end() || at->is_null()) return std::nullopt;
  if (!at->is_string()) return std::string("attribute \"") + name + "\" is not a string";
  into = arena.keep(std::move(at->get_ref<std::string&>()));
  return std::nullopt;
}

Problem read_attributes(Json& event, MessageArena& arena, EventAttributes& into) {
  struct Named {
    const char* name;
    std::optional<std::string_view>& slot;
  };
  for (const Named& each : {Named{"id", into.id},
                            Named{"source", into.source},
                            Named{"type", into.type},
                            Named{"specversion", into.specversion},
                            Named{"datacontenttype", into.content_type},
                            Named{"correlationid", into.correlation_id},
                            Named{"traceparent", into.traceparent}}) {
    if (auto problem = read_attribute(event, each.name, arena, each.slot)) return problem;
  }
  if (!into.content_type) into.content_type = "application/json";  // the JSON format's default
  return std::nullopt;
}

Problem read_data(Json& event, MessageArena& arena, StructuredEvent& into) {
  const auto data = event.find("data");
  const auto base64 = event.find("data_base64");
  if (data != event.end() && base64 != event.end()) {
    return "both data and data_base64 are there, expected one of them";
  }
  if (base64 != event.end()) {
    std::string bytes;
    if (!base64->is_string() || !base64_decoded(base64->get_ref<const std::string&>(), bytes)) {
      return "data_base64 is not a base64 string";
    }
    into.payload = arena.keep(std::move(bytes));
  } else if (data != event.end() && !data->is_null()) {
    if (encoding_of(*into.attributes.content_type) == Encoding::protobuf) {
      return "datacontenttype is Protobuf, expected its bytes in data_base64";
    }
    into.payload = arena.keep(data->dump());
  }
  return std::nullopt;
}

}  // namespace

std::expected<StructuredEvent, std::string> read_structured(std::string_view value,
                                                            MessageArena& arena) {
  auto event = read_json(value);
  if (!event) return std::unexpected("the value is not JSON, or nests deeper than 100 levels");
  if (!event->is_object()) return std::unexpected("the value is not a JSON object");
  StructuredEvent found;
  if (auto problem = read_attributes(*event, arena, found.attributes)) {
    return std::unexpected(std::move(*problem));
  }
  if (auto problem = read_data(*event, arena, found)) return std::unexpected(std::move(*problem));
  return found;
}

}  // namespace pawl::codec
