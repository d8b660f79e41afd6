// The database of a case in memory, with a bug planted if so wished.
#pragma once

#include "behaviour/fake_world.h"
#include "property/case_run.h"
#include "property/planted_bugs.h"

namespace pawl::test {

class FakeCaseWorld final : public CaseWorld {
 public:
  explicit FakeCaseWorld(int seed, Bug bug = Bug::none) : world_(seed, bug) {}

  World& world() override { return world_; }
  std::vector<Place> redrive(int letters_max) override;
  void pass(std::chrono::milliseconds time) override { world_.database().parking.pass(time); }

 private:
  class PlantedWorld final : public FakeWorld {
   public:
    PlantedWorld(int seed, Bug bug);
    std::unique_ptr<engine::Store> make_store() override {
      return plant(bug_, FakeWorld::make_store(), *this);
    }

   private:
    Bug bug_;
  };

  PlantedWorld world_;
};

}  // namespace pawl::test
