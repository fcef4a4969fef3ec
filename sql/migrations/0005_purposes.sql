-- Purposes: what figures take from a metric, in place of the metric's name.

-- ── metric definitions: one metric per purpose, and of a kind that can be added up ──────────
alter table zixly.metric_definitions
  add column purpose text,
  add constraint metric_purpose_known check (purpose in ('BILLABLE_HOURS')),
  add constraint metric_purpose_kind
    check (purpose is distinct from 'BILLABLE_HOURS' or kind in ('NUMBER', 'COUNT', 'DURATION'));
create unique index metric_definition_purpose_unique on zixly.metric_definitions (tenant_id, purpose)
  where purpose is not null;

-- Until now figures took the metric named "Billable Hours", ignoring case. Where several are named so,
-- the one with the most values gets the purpose. (Forced policies hide the rows from the owner;
-- policies.sql forces them again.)
alter table zixly.metric_definitions no force row level security;
alter table zixly.custom_metrics no force row level security;
update zixly.metric_definitions as d
set purpose = 'BILLABLE_HOURS'
from (
  select distinct on (m.tenant_id)
    m.tenant_id,
    m.id
  from zixly.metric_definitions as m
  where lower(m.metric_name) = 'billable hours' and m.kind in ('NUMBER', 'COUNT', 'DURATION')
  order by
    m.tenant_id asc,
    (
      select count(*) from zixly.custom_metrics as v
      where v.tenant_id = m.tenant_id and v.metric_name = m.metric_name
    ) desc,
    m.created_at asc,
    m.id asc
) as named
where d.tenant_id = named.tenant_id and d.id = named.id;
alter table zixly.metric_definitions force row level security;
alter table zixly.custom_metrics force row level security;
