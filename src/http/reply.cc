#include "pawl/http/reply.h"

#include <exception>
#include <utility>

namespace pawl::http {
namespace {

Reply health_reply(const Health& health) {
  return {health.ok ? 200 : 503, "application/json", to_json(health)};
}

}  // namespace

Reply plain_reply(int status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text)};
}

Reply answer(const AdminServer::Handlers& handlers,
             std::string_view method,
             std::string_view target) try {
  const std::string_view path = target.substr(0, target.find('?'));
  const bool known = path == "/metrics" || path == "/healthz/live" || path == "/healthz/ready";
  if (!known) return plain_reply(404, "here are /metrics, /healthz/live and /healthz/ready\n");
  if (method != "GET" && method != "HEAD") return plain_reply(405, "use GET\n");
  if (path == "/healthz/live") return health_reply(handlers.live());
  if (path == "/healthz/ready") return health_reply(handlers.ready());
  return {200, "text/plain; version=0.0.4; charset=utf-8", handlers.metrics()};
} catch (const std::exception& error) {
  return plain_reply(500, std::string{error.what()} + '\n');
}

}  // namespace pawl::http
