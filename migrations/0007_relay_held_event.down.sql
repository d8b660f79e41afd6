DROP TABLE pawl.relay_held_event;
