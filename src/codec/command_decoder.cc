#include "pawl/codec/command_decoder.h"

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <stdexcept>

#include "pawl/codec/fingerprint.h"
#include "pawl/codec/json_document.h"
#include "pawl/codec/message_id.h"
#include "pawl/codec/structured_event.h"
#include "pawl/codec/text.h"

namespace pawl::codec {
namespace {

using Code = UndecodableCode;

constexpr std::size_t kTypeBytesMax = 256;

Undecodable undecodable(Code code,
                        std::string text,
                        const std::optional<Uuid>& id = std::nullopt,
                        std::string_view type = {}) {
  const bool storable = type.size() <= kTypeBytesMax && is_text(type);
  return {std::string(to_string(code)),
          std::move(text),
          id,
          storable ? std::string(type) : std::string()};
}

bool is_absent(const std::optional<std::string_view>& attribute) noexcept {
  return !attribute || attribute->empty();
}

// Optional texts that no table could hold are dropped: they are no reason to lose the command.
std::optional<std::string_view> if_text(const std::optional<std::string_view>& attribute) noexcept {
  return attribute && !attribute->empty() && is_text(*attribute) ? attribute : std::nullopt;
}

struct Fault {
  Code code;
  std::string text;
};

// Why a value cannot even be looked into.
std::optional<Fault> fault_of_value(const std::optional<std::string_view>& value,
                                    std::size_t bytes_max) {
  if (!value) return Fault{Code::no_value, "there is no value; expected a command's payload"};
  if (value->size() <= bytes_max) return std::nullopt;
  return Fault{Code::too_large,
               "the value has " + std::to_string(value->size()) + " bytes, expected at most " +
                   std::to_string(bytes_max)};
}

}  // namespace

struct CommandDecoder::Envelope {
  const EventAttributes& attributes;
  std::optional<std::string_view> payload;
  WallTime produced_at;
  enum class Written { headers, structured, plain } written = Written::headers;
  std::optional<Encoding> encoding;  // set: the content type is not asked

  // An attribute's name as its sender wrote it.
  [[nodiscard]] std::string name(std::string_view attribute) const {
    if (written == Written::structured) return "attribute \"" + std::string(attribute) + '"';
    if (written == Written::plain) return "the record's " + std::string(attribute);
    if (attribute == "datacontenttype") return "header content-type";
    return "header ce_" + std::string(attribute);
  }
};

struct CommandDecoder::PlainReader {
  PlainSettings settings;
  nlohmann::json::json_pointer pointer;

  explicit PlainReader(PlainSettings plain)
      : settings(std::move(plain)),
        pointer(settings.id_from == PlainSettings::IdFrom::json_pointer ? settings.id_name : "") {}

  // The id, or empty when there is none (or none that can be one) where the setting points. Looks
  // into a readable value only.
  [[nodiscard]] std::optional<std::string_view> id(const Record& record,
                                                   bool readable,
                                                   MessageArena& arena) const {
    if (settings.id_from == PlainSettings::IdFrom::header) {
      const auto header = record.header(settings.id_name);
      return header ? header->value : std::nullopt;
    }
    const auto document = readable ? read_json(*record.value) : std::nullopt;
    if (!document) return std::nullopt;
    try {
      const auto& found = document->at(pointer);
      if (found.is_string()) return arena.keep(found.get<std::string>());
      if (found.is_number_integer()) return arena.keep(found.dump());
    } catch (const nlohmann::json::exception&) {  // nothing there; the library has no quieter way
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string missing() const {
    if (settings.id_from == PlainSettings::IdFrom::header) {
      return "header " + in_quotes(settings.id_name) +
             " is missing or empty; consumer.plain.id names it";
    }
    return "the JSON value has no string or integer at " + in_quotes(settings.id_name) +
           ", or is not JSON; consumer.plain.id points there";
  }
};

CommandDecoder::CommandDecoder(std::vector<const CommandType*> types,
                               std::optional<PlainSettings> plain,
                               std::size_t value_bytes_max)
    : types_(std::move(types)), value_bytes_max_(value_bytes_max) {
  std::ranges::sort(types_, {}, &CommandType::name);
  const auto twin = std::ranges::adjacent_find(types_, {}, &CommandType::name);
  if (twin != types_.end()) {
    throw std::invalid_argument("command type " + (*twin)->name + " is registered twice");
  }
  if (plain) {
    if (find(plain->type) == nullptr) {
      throw std::invalid_argument("expected consumer.plain.type to be one of " + known_types() +
                                  ", got: " + in_quotes(plain->type));
    }
    plain_ = std::make_unique<const PlainReader>(*std::move(plain));
  }
  // Protobuf writes a line of its own to stderr for text that is not UTF-8; ours says it with the
  // record's place.
  google::protobuf::SetLogHandler(nullptr);
}

CommandDecoder::~CommandDecoder() = default;

CommandDecoder::Decoded CommandDecoder::decode(const Record& record,
                                               std::string_view topic,
                                               MessageArena& arena) const {
  const EventAttributes headers = read_headers(record);
  if (headers.content_type && announces_structured_event(*headers.content_type)) {
    return decode_structured(record, headers, arena);
  }
  if (plain_ && !headers.type && !headers.specversion) return decode_plain(record, topic, arena);
  return decode_event({headers, record.value, record.timestamp}, arena);
}

CommandDecoder::Decoded CommandDecoder::decode_structured(const Record& record,
                                                          const EventAttributes& headers,
                                                          MessageArena& arena) const {
  const std::string_view media_type = media_type_of(*headers.content_type);
  if (!equal_ignoring_case(media_type, "application/cloudevents+json")) {
    return std::unexpected(
        undecodable(Code::unsupported_content_type,
                    "header content-type is " + in_quotes(media_type) +
                        "; of structured events only application/cloudevents+json is read"));
  }
  if (auto fault = fault_of_value(record.value, value_bytes_max_)) {
    return std::unexpected(undecodable(fault->code, std::move(fault->text)));
  }
  auto event = read_structured(*record.value, arena);
  if (!event) {
    return std::unexpected(undecodable(Code::bad_structured_event, std::move(event.error())));
  }
  if (!event->attributes.traceparent) event->attributes.traceparent = headers.traceparent;
  return decode_event(
      {event->attributes, event->payload, record.timestamp, Envelope::Written::structured}, arena);
}

CommandDecoder::Decoded CommandDecoder::decode_plain(const Record& record,
                                                     std::string_view topic,
                                                     MessageArena& arena) const {
  const PlainSettings& settings = plain_->settings;
  EventAttributes attributes = read_headers(record);
  auto fault = fault_of_value(record.value, value_bytes_max_);
  attributes.id = plain_->id(record, !fault, arena);
  if (is_absent(attributes.id)) {
    if (!fault) fault = Fault{Code::missing_id, plain_->missing()};
    return std::unexpected(
        undecodable(fault->code, std::move(fault->text), std::nullopt, settings.type));
  }
  attributes.source = topic;
  attributes.type = settings.type;
  attributes.specversion = "1.0";
  return decode_event(
      {attributes, record.value, record.timestamp, Envelope::Written::plain, settings.encoding},
      arena);
}

CommandDecoder::Decoded CommandDecoder::decode_event(const Envelope& envelope,
                                                     MessageArena& arena) const {
  const EventAttributes& found = envelope.attributes;
  const std::string_view type = found.type.value_or("");
  const auto refuse = [&](Code code, std::string text, std::optional<Uuid> id = std::nullopt) {
    return std::unexpected(undecodable(code, std::move(text), id, type));
  };
  if (is_absent(found.id)) {
    return refuse(Code::missing_id,
                  envelope.name("id") + " is missing or empty; expected a CloudEvent 1.0" +
                      (plain_ ? "" : ", for other records set consumer.plain.type"));
  }
  if (is_absent(found.source)) {
    return refuse(Code::missing_source,
                  envelope.name("source") + " is missing or empty; expected the URI of the sender");
  }
  DecodedCommand command{};
  command.id = message_id(*found.source, *found.id);
  command.id_text = *found.id;
  command.source = *found.source;
  if (!is_text(command.id_text) || !is_text(command.source)) {
    return refuse(Code::bad_attribute,
                  envelope.name(is_text(command.id_text) ? "source" : "id") +
                      " is not UTF-8 text without U+0000",
                  command.id);
  }
  if (found.specversion != "1.0") {
    return refuse(Code::bad_specversion,
                  envelope.name("specversion") + " is " +
                      (found.specversion ? in_quotes(*found.specversion) : "missing") +
                      ", expected \"1.0\"",
                  command.id);
  }
  if (type.empty()) {
    return refuse(Code::missing_type,
                  envelope.name("type") + " is missing or empty; expected one of " + known_types(),
                  command.id);
  }
  command.type = find(type);
  if (command.type == nullptr) {
    return refuse(Code::unknown_type,
                  "unknown type " + in_quotes(type) + "; this consumer handles " + known_types(),
                  command.id);
  }
  command.correlation_id = if_text(found.correlation_id);
  command.traceparent = if_text(found.traceparent);
  command.produced_at = envelope.produced_at;
  return decode_payload(envelope, command, arena);
}

CommandDecoder::Decoded CommandDecoder::decode_payload(const Envelope& envelope,
                                                       DecodedCommand command,
                                                       MessageArena& arena) const {
  const auto refuse = [&](Code code, std::string text) {
    return std::unexpected(undecodable(code, std::move(text), command.id, command.type->name));
  };
  const std::string_view content_type = envelope.attributes.content_type.value_or("");
  const auto encoding = envelope.encoding ? envelope.encoding : encoding_of(content_type);
  if (!encoding) {
    return refuse(Code::unsupported_content_type,
                  envelope.name("datacontenttype") + " is " +
                      (content_type.empty() ? "missing" : in_quotes(content_type)) +
                      ", expected application/protobuf or application/json");
  }
  if (auto fault = fault_of_value(envelope.payload, value_bytes_max_)) {
    return refuse(fault->code, std::move(fault->text));
  }
  JsonProblem problem{"the payload is not this type in Protobuf's binary format"};
  switch (*encoding) {
    case Encoding::protobuf:
      command.message = command.type->parse_binary(*envelope.payload, arena);
      break;
    case Encoding::json:
      command.message = command.type->parse_json(*envelope.payload, arena, problem);
      break;
  }
  if (command.message == nullptr) {
    return refuse(problem.is_newer ? Code::unknown_field : Code::bad_payload,
                  command.type->name + ": " + problem.text);
  }
  command.fingerprint = fingerprint(*envelope.payload);
  return command;
}

const CommandType* CommandDecoder::find(std::string_view name) const noexcept {
  const auto at = std::ranges::lower_bound(
      types_, name, {}, [](const CommandType* type) { return std::string_view(type->name); });
  return at != types_.end() && (*at)->name == name ? *at : nullptr;
}

std::string CommandDecoder::known_types() const {
  constexpr std::size_t kShown = 8;
  std::string text;
  for (std::size_t i = 0; i < types_.size() && i < kShown; ++i) {
    text += (i == 0 ? "" : ", ") + types_[i]->name;
  }
  if (types_.size() > kShown) text += " and " + std::to_string(types_.size() - kShown) + " more";
  return text;
}

}  // namespace pawl::codec
