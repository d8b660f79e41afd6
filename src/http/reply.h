// What is answered to which request. Internal to http; knows no socket.
#pragma once

#include <string>
#include <string_view>

#include "pawl/http/admin_server.h"

namespace pawl::http {

struct Reply {
  int status;
  std::string content_type;
  std::string body;
};

[[nodiscard]] Reply plain_reply(int status, std::string text);

/// `target` may carry a query; it is ignored.
[[nodiscard]] Reply answer(const AdminServer::Handlers& handlers,
                           std::string_view method,
                           std::string_view target);

}  // namespace pawl::http
