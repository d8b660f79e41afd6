-- When and why the attempts of a command failed: [{"at": …, "attempts": n, "class": …, "code": …}], the first and the latest.
ALTER TABLE pawl.held_key    ADD history jsonb NOT NULL DEFAULT '[]';  -- of its head
ALTER TABLE pawl.dead_letter ADD history jsonb NOT NULL DEFAULT '[]';

-- One more of them; of twenty the second makes room.
CREATE FUNCTION pawl.with_attempts(history jsonb, attempts bigint, class text, code text) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN attempts = 0 THEN history
              ELSE CASE WHEN jsonb_array_length(history) < 20 THEN history ELSE history - 1 END
                   || jsonb_build_object('at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                                         'attempts', attempts, 'class', class, 'code', code) END
$$;
