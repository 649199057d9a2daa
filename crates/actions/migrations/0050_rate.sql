-- Windows of limits are forgotten after a day.
CREATE INDEX rate_started ON rate (window_started_at);
