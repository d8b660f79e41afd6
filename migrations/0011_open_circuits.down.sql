DROP TABLE pawl.open_circuit;
