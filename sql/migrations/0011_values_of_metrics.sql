-- One value of a metric: how values add up over time and over clients, and metrics computed from others.

-- ── metric definitions ──────────────────────────────────────────────────────────────────────
-- Over time: SUM, LAST (the last known on or before the end), AVERAGE; a RATIO of two metrics or another FORMULA
-- of metrics and financials is computed and has no recorded values. Over clients, recorded values have a SUM or
-- NONE; a computed metric has what its inputs have. `symbol` is the metric in formulas, and stays when it is renamed.
alter table zixly.metric_definitions
  add column adds_up text not null default 'LAST',
  add column over_clients text not null default 'NONE',
  add column symbol text,
  add column formula text,
  add column is_recorded boolean not null generated always as (adds_up in ('SUM', 'LAST', 'AVERAGE')) stored,
  -- The unit that recorded values may have: no value refers to a metric that is computed.
  add column recorded_unit text generated always as
    (case when adds_up in ('SUM', 'LAST', 'AVERAGE') then unit end) stored,
  add constraint metric_adds_up_known check (adds_up in ('SUM', 'LAST', 'AVERAGE', 'RATIO', 'FORMULA')),
  add constraint metric_adds_up_kind check (
    case adds_up
      when 'SUM' then kind in ('NUMBER', 'COUNT', 'DURATION')
      when 'LAST' then true
      when 'FORMULA' then kind in ('NUMBER', 'PERCENT', 'DURATION')
      else kind in ('NUMBER', 'PERCENT', 'RATING', 'COUNT', 'DURATION')
    end),
  add constraint metric_over_clients_known check (over_clients in ('SUM', 'NONE')),
  add constraint metric_over_clients_kind check (
    over_clients = 'NONE' or (adds_up in ('SUM', 'LAST') and kind in ('NUMBER', 'COUNT', 'DURATION'))),
  add constraint metric_formula_computed check ((formula is not null) = (adds_up in ('RATIO', 'FORMULA'))),
  add constraint metric_definition_formula_length check (char_length(formula) between 1 and 500),
  add constraint metric_symbol_form check (
    symbol ~ '^[a-z][a-z0-9_]{0,59}$' and symbol not in ('revenue', 'expenses', 'profit')),
  add constraint metric_recorded_unique unique (tenant_id, id, is_recorded),
  add constraint metric_recorded_unit_unique unique (tenant_id, metric_name, recorded_unit);

-- Until now the last value of a metric counted, but for billable hours, which reports added up.
-- (Forced policies hide the rows from the owner; policies.sql forces them again.)
alter table zixly.metric_definitions no force row level security;
alter table zixly.custom_metrics no force row level security;
update zixly.metric_definitions set adds_up = 'SUM', over_clients = 'SUM'
where purpose = 'BILLABLE_HOURS';
alter table zixly.metric_definitions
  add constraint metric_purpose_adds_up check (
    purpose is distinct from 'BILLABLE_HOURS' or (adds_up = 'SUM' and over_clients = 'SUM'));
-- A symbol is no change that a person would look up on the trail.
alter table zixly.metric_definitions disable trigger user;
update zixly.metric_definitions as d
set symbol = named.symbol || case when named.number > 1 then '_' || named.number else '' end
from (
  select
    s.tenant_id,
    s.id,
    s.symbol,
    row_number() over (partition by s.tenant_id, s.symbol order by s.created_at, s.id) as number
  from (
    select
      m.tenant_id,
      m.id,
      m.created_at,
      case when w.word ~ '^[a-z]' and w.word not in ('revenue', 'expenses', 'profit') then w.word
        else rtrim('metric_' || w.word, '_') end as symbol
    from zixly.metric_definitions as m
    cross join lateral (
      select trim('_' from left(regexp_replace(lower(m.metric_name), '[^a-z0-9]+', '_', 'g'), 45)) as word
    ) as w
  ) as s
) as named
where d.tenant_id = named.tenant_id and d.id = named.id;
alter table zixly.metric_definitions enable trigger user;
alter table zixly.metric_definitions
  alter column symbol set not null,
  add constraint metric_symbol_unique unique (tenant_id, symbol);
alter table zixly.custom_metrics
  drop constraint custom_metric_definition,
  add constraint custom_metric_definition foreign key (tenant_id, metric_name, unit)
    references zixly.metric_definitions (tenant_id, metric_name, recorded_unit) on update cascade;
alter table zixly.metric_definitions force row level security;
alter table zixly.custom_metrics force row level security;

-- ── metric inputs: the metrics that a computed one is made from ─────────────────────────────
-- They are recorded ones, so that no metric is made from itself. Whether an input stays is checked at the end of the
-- transaction: an organisation is deleted with its metrics in any order.
create table zixly.metric_inputs (
  tenant_id   text collate "C" not null default app.tenant_id(),
  id          text collate "C" not null default app.new_id('min'),
  metric_id   text collate "C" not null,
  input_id    text collate "C" not null,
  is_recorded boolean not null generated always as (true) stored,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint metric_input_of foreign key (tenant_id, metric_id)
    references zixly.metric_definitions (tenant_id, id) on delete cascade,
  constraint metric_input_recorded foreign key (tenant_id, input_id, is_recorded)
    references zixly.metric_definitions (tenant_id, id, is_recorded) deferrable initially deferred,
  constraint metric_input_unique unique (tenant_id, metric_id, input_id)
);
create index metric_inputs_by_input on zixly.metric_inputs (tenant_id, input_id);
