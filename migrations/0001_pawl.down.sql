DROP TABLE pawl.audit, pawl.dead_letter, pawl.parked_command, pawl.held_key, pawl.relay_position, pawl.outbox, pawl.inbox,
  pawl.rotation, pawl.consumer_position, pawl.consumer;
DROP FUNCTION pawl.outbox_segment(), pawl.next_outbox_batch();
DROP SEQUENCE pawl.outbox_batch, pawl.epoch;
