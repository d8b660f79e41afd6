// The one header of who writes a consumer: register handlers, call main().
//
//     struct Counters {
//       pawl::StateTable<&Counter::id> counters{"shop.counter", {{"id", &Counter::id}, {"value",
//       &Counter::value}}}; auto tables() { return std::tie(counters); }
//     };
//
//     pawl::Consumer<Counters> consumer{"shop"};
//     consumer.on<v1::Count>(touch_count, count);
//     return consumer.main(argc, argv);
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "pawl/consumer/registration.h"
#include "pawl/engine/append_table.h"
#include "pawl/engine/decision.h"
#include "pawl/engine/state_table.h"
#include "pawl/engine/writes.h"
#include "pawl/retry/retry_after.h"
#include "pawl/retry/retry_policy.h"

namespace pawl {

/// `Tables` is a default-constructible struct of StateTable and AppendTable members with `auto
/// tables()` returning std::tie of them. Each engine of the process has its own. Register
/// everything before main(); not thread-safe.
template <class Tables>
class Consumer {
 public:
  /// `name`: Kafka group, dedupe scope and row in pawl.consumer, unless the configuration says
  /// otherwise.
  explicit Consumer(std::string name) : name_(std::move(name)) {}

  /// Commands of Protobuf type `Message`. `touch(const Message&, Tables&)` asks for the rows with
  /// need(); `decide(const Message&, Tables&)` or `decide(const Message&, Tables&, const
  /// CommandInfo&)` returns a Decision. Both are pure: no I/O, no clock; decide may be called again
  /// for the same command. What decide throws is a failed attempt.
  template <class Message, class Touch, class Decide>
  Consumer& on(Touch touch, Decide decide) {
    Handler& handler = handlers_->emplace_back(Handler{codec::command_type_of<Message>()});
    handler.touch = [touch](const void* message, Tables& tables) {
      touch(*static_cast<const Message*>(message), tables);
    };
    handler.decide = [decide](
                         const void* message, Tables& tables, const CommandInfo& info) -> Decision {
      if constexpr (std::is_invocable_v<Decide, const Message&, Tables&, const CommandInfo&>) {
        return decide(*static_cast<const Message*>(message), tables, info);
      } else {
        return decide(*static_cast<const Message*>(message), tables);
      }
    };
    return *this;
  }

  /// Commands of Protobuf type `Message` whose handler needs SQL in the middle (include
  /// pawl/engine/context.h): `handle(const Message&, Context&)` returns a Decision. It runs alone,
  /// in its batch's transaction, in order with all others, and leaves no trace when it rejects or
  /// throws. It may be called again for the same command, when another one fails, too; what it
  /// throws, SQL errors too, is a failed attempt. It may write any of the consumer's tables, so all
  /// of them are read again after it; use the second form to name those that it does write, which
  /// may be none: `pawl::writes()`. In a state table it must raise `version` with each change.
  template <class Message, class Handle>
  Consumer& handle(Handle handle) {
    add_handler<Message>(handle, [](Tables& tables) {
      return std::apply([](auto&... each) { return TableList{&each...}; }, tables.tables());
    });
    return *this;
  }
  template <class Message, class Handle, class... Members>
  Consumer& handle(Handle handle, Writes<Members...> written) {
    add_handler<Message>(handle, [written](Tables& tables) {
      return std::apply([&](auto... each) { return TableList{&(tables.*each)...}; },
                        written.members);
    });
    return *this;
  }

  /// `make(const CommandInfo&, const std::string& code)` returns the Protobuf event that tells
  /// readers of a rejection.
  template <class Make>
  Consumer& on_rejection(Make make) {
    *rejection_ = [make](const CommandInfo& info, const std::string& code) {
      return event(make(info, code));
    };
    return *this;
  }

  /// How often and how fast commands are tried again whose failures are of one class: kHandlerClass
  /// (what a handler throws), kDatabaseClass (SQL that the database refuses), kOutsideClass
  /// (RetryAfter; it says the wait itself, so only attempts_max and age_max count). The
  /// configuration ([retry.handler] …) goes over it, setting by setting. Throws std::logic_error
  /// for another class.
  Consumer& retry(std::string_view failure_class, const RetryPolicy& policy) {
    retry_.of(failure_class) = policy;
    return *this;
  }

  /// What a failed command of Protobuf type `Message` does to those behind it; park_key unless told
  /// here. The configuration ([on_failure]) goes over it.
  template <class Message>
  Consumer& on_failure(OnFailure what) {
    on_failure_[codec::command_type_of<Message>().name] = what;
    return *this;
  }

  /// For programs that run the consumer as one of several parts. The consumer may go before the
  /// registration.
  [[nodiscard]] Registration registration() const {
    Registration registration{name_, {}, {}, retry_, on_failure_};
    for (const Handler& handler : *handlers_) registration.types.push_back(&handler.type);
    registration.make_domain = [handlers = handlers_, rejection = rejection_] {
      return std::make_unique<TypedDomain>(handlers, rejection);
    };
    return registration;
  }

  /// Runs the program; see run_consumer().
  int main(int argc, char** argv) { return run_consumer(registration(), argc, argv); }

 private:
  using TableList = std::vector<engine::Table*>;
  struct Handler {
    codec::CommandType type;
    std::function<void(const void*, Tables&)> touch{};
    std::function<Decision(const void*, Tables&, const CommandInfo&)> decide{};
    // of types with own_sql, instead:
    std::function<Decision(const void*, Context&)> handle{};
    std::function<TableList(Tables&)> written{};
  };
  using Handlers = std::deque<Handler>;  // addresses stay
  using Rejection = std::function<Emitted(const CommandInfo&, const std::string&)>;

  template <class Message, class Handle>
  void add_handler(Handle handle, std::function<TableList(Tables&)> written) {
    Handler& handler = handlers_->emplace_back(Handler{codec::command_type_of<Message>()});
    handler.type.own_sql = true;
    handler.handle = [handle](const void* message, Context& context) -> Decision {
      return handle(*static_cast<const Message*>(message), context);
    };
    handler.written = std::move(written);
  }

  class TypedDomain final : public engine::Domain {
   public:
    TypedDomain(std::shared_ptr<const Handlers> handlers,
                std::shared_ptr<const Rejection> rejection)
        : handlers_(std::move(handlers)), rejection_(std::move(rejection)) {
      for (const Handler& handler : *handlers_) {
        by_type_[&handler.type] = &handler;
        if (handler.written) written_[&handler.type] = handler.written(tables_);
      }
      std::apply([this](auto&... each) { list_ = {static_cast<engine::Table*>(&each)...}; },
                 tables_.tables());
    }
    std::span<engine::Table* const> tables() override { return list_; }
    void touch(const codec::CommandType& type, const void* message) override {
      by_type_.at(&type)->touch(message, tables_);
    }
    Decision decide(const codec::CommandType& type,
                    const void* message,
                    const CommandInfo& info) override {
      return by_type_.at(&type)->decide(message, tables_, info);
    }
    Decision handle(const codec::CommandType& type,
                    const void* message,
                    Context& context) override {
      return by_type_.at(&type)->handle(message, context);
    }
    std::span<engine::Table* const> written_by(const codec::CommandType& type) override {
      return written_.at(&type);
    }
    std::optional<Emitted> rejection(const CommandInfo& info, const std::string& code) override {
      if (!*rejection_) return std::nullopt;
      return (*rejection_)(info, code);
    }

   private:
    std::shared_ptr<const Handlers> handlers_;
    std::shared_ptr<const Rejection> rejection_;
    std::unordered_map<const codec::CommandType*, const Handler*> by_type_;
    Tables tables_;
    TableList list_;
    std::unordered_map<const codec::CommandType*, TableList> written_;
  };

  std::string name_;
  RetryPolicies retry_;
  std::map<std::string, OnFailure, std::less<>> on_failure_;
  std::shared_ptr<Handlers> handlers_ = std::make_shared<Handlers>();
  std::shared_ptr<Rejection> rejection_ = std::make_shared<Rejection>();
};

}  // namespace pawl
