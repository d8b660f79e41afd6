#include "pawl/kafka/settings.h"

#include <algorithm>

#include "pawl/kafka/configuration.h"
#include "pawl/kafka/property_table.h"

namespace pawl::kafka {

bool property_allowed(std::string_view name) noexcept {
  return find_property(name) != nullptr;
}

bool property_secret(std::string_view name) noexcept {
  const Property* property = find_property(name);
  return (property != nullptr && property->secret) || name.ends_with("password") ||
         name.ends_with("secret");
}

std::vector<std::string_view> allowed_properties() {
  std::vector<std::string_view> names;
  for (const Property& property : kProperties) names.push_back(property.name);
  std::ranges::sort(names);
  return names;
}

std::optional<std::string> property_fault(const std::string& name, const std::string& value) {
  if (!property_allowed(name)) {
    return "kafka.properties." + name + " may not be set: Pawl decides it or does not know it";
  }
  try {
    Configuration{}.set(name, value);
    return std::nullopt;
  } catch (const Failure& failure) {
    return failure.what();
  }
}

}  // namespace pawl::kafka
