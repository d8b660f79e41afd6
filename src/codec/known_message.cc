#include "pawl/codec/known_message.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>

#include "pawl/codec/command_type.h"

namespace pawl::codec {

std::optional<std::string> known_message_json(std::string_view type, std::string_view bytes) {
  using google::protobuf::DescriptorPool;
  using google::protobuf::MessageFactory;
  const auto* descriptor =
      DescriptorPool::generated_pool()->FindMessageTypeByName(std::string(type));
  if (descriptor == nullptr) return std::nullopt;
  const auto* prototype = MessageFactory::generated_factory()->GetPrototype(descriptor);
  if (prototype == nullptr) return std::nullopt;
  const std::unique_ptr<google::protobuf::Message> message{prototype->New()};
  if (!fill_from_binary(*message, bytes)) return std::nullopt;
  return json_of(*message);
}

}  // namespace pawl::codec
