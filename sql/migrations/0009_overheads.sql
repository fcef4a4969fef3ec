-- Books of the whole business: revenue and expenses that belong to no client.

-- ── overheads: what the business itself earned and cost ─────────────────────────────────────
-- A table of their own: a client that is none would be counted, ranked and charted, and the ledger, which
-- joins clients, would lose records without one. `UNASSIGNED` is what nobody has decided about yet.
create table zixly.overheads (
  tenant_id     text collate "C" not null default app.tenant_id(),
  id            text collate "C" not null default app.new_id('ovh'),
  record_date   date not null,
  currency      text not null,
  revenue       numeric(14, 2) not null,
  expenses      numeric(14, 2) not null,
  profit        numeric(15, 2) generated always as (revenue - expenses) stored,
  kind          text not null default 'OVERHEAD',
  account       text,
  counterparty  text,
  source_system text not null default 'manual',
  external_id   text,
  note          text,
  version       integer not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint overhead_source_unique unique (tenant_id, source_system, external_id),
  constraint overhead_date_range check (record_date between '2000-01-01' and '2100-12-31'),
  constraint overhead_currency_form check (currency ~ '^[A-Z]{3}$'),
  constraint overhead_kind_known check (kind in ('OVERHEAD', 'UNASSIGNED')),
  constraint overhead_account_length check (char_length(account) between 1 and 200),
  constraint overhead_counterparty_length check (char_length(counterparty) between 1 and 200),
  constraint overhead_note_length check (char_length(note) <= 2000),
  constraint overhead_source_length check (char_length(source_system) between 1 and 50),
  constraint overhead_external_id_length check (char_length(external_id) between 1 and 200)
);
-- Covering: the days of a part month are summed from the index alone.
create index overheads_by_date on zixly.overheads (tenant_id, record_date)
  include (currency, kind, revenue, expenses);

-- ── overhead months: what they add up to, kept by triggers ──────────────────────────────────
-- A month whose records are all gone keeps its row, with no records and no amounts.
create table zixly.overhead_months (
  tenant_id  text collate "C" not null,
  id         text collate "C" not null default app.new_id('ovm'),
  month      date not null,
  currency   text not null,
  kind       text not null,
  revenue    numeric(20, 2) not null,
  expenses   numeric(20, 2) not null,
  records    bigint not null,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint overhead_month_unique unique (tenant_id, month, currency, kind)
);

alter table zixly.imports drop constraint import_kind_known;
alter table zixly.imports add constraint import_kind_known
check (kind in ('CLIENTS', 'FINANCIALS', 'LEAD_EVENTS', 'CUSTOM_METRICS', 'OVERHEADS'));
alter table zixly.import_mappings drop constraint import_mapping_kind_known;
alter table zixly.import_mappings add constraint import_mapping_kind_known
check (kind in ('CLIENTS', 'FINANCIALS', 'LEAD_EVENTS', 'CUSTOM_METRICS', 'OVERHEADS'));

-- Vacuumed as often as the other tables that imports fill (0008).
alter table zixly.overheads set (
  autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.02
);
alter table zixly.overhead_months set (
  autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05,
  autovacuum_analyze_scale_factor = 0.02
);
