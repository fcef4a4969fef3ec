-- Stages that are merged and retired, and reasons for losing a lead.

-- ── lead stages ─────────────────────────────────────────────────────────────────────────────
-- A retired stage takes no new events. The events of a merged one count at the stage that it was merged into,
-- which has the same status and is itself not merged: app_private.keep_stages() keeps it so.
alter table zixly.lead_stages
  add column retired_at timestamptz,
  add column merged_into text collate "C",
  add constraint lead_stage_merged_unique unique (tenant_id, id, status),
  add constraint lead_stage_merged_into foreign key (tenant_id, merged_into, status)
    references zixly.lead_stages (tenant_id, id, status),
  add constraint lead_stage_merged_retired check (merged_into is null or retired_at is not null),
  add constraint lead_stage_merged_elsewhere check (merged_into <> id);
create index lead_stages_by_merged on zixly.lead_stages (tenant_id, merged_into);

-- ── lead events: why a lead was lost ────────────────────────────────────────────────────────
alter table zixly.lead_events
  add column reason text,
  add constraint lead_event_reason_length check (char_length(reason) <= 200),
  add constraint lead_event_reason_lost check (reason is null or status = 'LOST');
