-- Targets of metrics as rows: for everyone or one client, from a month on.

-- ── metric targets ──────────────────────────────────────────────────────────────────────────
-- A month is judged by the latest row from that month or an earlier one: the client's own, otherwise everyone's.
-- `low` and `high` are the edges of on target, `near_low` and `near_high` those of near, all of them included. NONE
-- ends a target.
create table zixly.metric_targets (
  tenant_id     text collate "C" not null default app.tenant_id(),
  id            text collate "C" not null default app.new_id('mtg'),
  metric_id     text collate "C" not null,
  -- Of every client where it is null.
  client_kpi_id text collate "C",
  -- The first of a month; that of January 2000 is from the beginning.
  from_month    date not null,
  kind          text not null,
  low           numeric(14, 4),
  high          numeric(14, 4),
  near_low      numeric(14, 4),
  near_high     numeric(14, 4),
  version       integer not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint metric_target_metric foreign key (tenant_id, metric_id)
    references zixly.metric_definitions (tenant_id, id) on delete cascade,
  constraint metric_target_client foreign key (tenant_id, client_kpi_id)
    references zixly.client_kpis (tenant_id, id) on delete cascade,
  constraint metric_target_unique unique nulls not distinct (tenant_id, metric_id, client_kpi_id, from_month),
  constraint metric_target_month_first check (extract(day from from_month) = 1),
  constraint metric_target_month_range check (from_month between '2000-01-01' and '2100-12-31'),
  constraint metric_target_kind_known check (kind in ('AT_LEAST', 'AT_MOST', 'BETWEEN', 'NONE')),
  constraint metric_target_low_given check (
    (kind in ('AT_LEAST', 'BETWEEN')) = (low is not null) and (low is null) = (near_low is null)),
  constraint metric_target_high_given check (
    (kind in ('AT_MOST', 'BETWEEN')) = (high is not null) and (high is null) = (near_high is null)),
  constraint metric_target_edges_ordered check (
    (near_low <= low) is not false and (low <= high) is not false and (high <= near_high) is not false),
  constraint metric_target_edges_numbers check ('NaN' not in (low, high, near_low, near_high))
);
create index metric_targets_by_client on zixly.metric_targets (tenant_id, client_kpi_id);

-- A metric had one target for everyone, from the beginning. Near is as far as a tenth of it, within the valid values.
-- (Forced policies hide the rows from the owner; policies.sql forces them again.)
alter table zixly.metric_definitions no force row level security;
insert into zixly.metric_targets (tenant_id, metric_id, from_month, kind, low, near_low)
select
  d.tenant_id,
  d.id,
  '2000-01-01' as from_month,
  'AT_LEAST' as kind,
  d.target,
  case d.kind when 'YES_NO' then d.target when 'COUNT' then ceil(d.target * 0.9)
    else greatest(round(d.target - abs(d.target) / 10, 4), -9999999999.9999) end as near_low
from zixly.metric_definitions as d
where d.target is not null and d.direction = 'UP';
insert into zixly.metric_targets (tenant_id, metric_id, from_month, kind, high, near_high)
select
  d.tenant_id,
  d.id,
  '2000-01-01' as from_month,
  'AT_MOST' as kind,
  d.target,
  case d.kind when 'YES_NO' then d.target when 'COUNT' then least(floor(d.target * 1.1), 9999999999)
    else least(round(d.target + abs(d.target) / 10, 4), d.out_of,
               case when d.kind <> 'PERCENT' then 9999999999.9999 when d.target <= 100 then 100 else 1000 end) end
    as near_high
from zixly.metric_definitions as d
where d.target is not null and d.direction = 'DOWN';
alter table zixly.metric_definitions drop column target;
alter table zixly.metric_definitions force row level security;
