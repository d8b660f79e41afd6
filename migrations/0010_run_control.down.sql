DROP TABLE pawl.pause;
