-- Records in: months that are closed, imports that can be undone, and how a file was read last time.

-- ── closed months: nothing dated in them changes until an ADMIN opens them again ────────────
create table zixly.closed_months (
  tenant_id      text collate "C" not null default app.tenant_id(),
  id             text collate "C" not null default app.new_id('clo'),
  month          date not null,
  closed_by      text collate "C" default app.user_id(),
  closed_by_name text default app.my_name(),
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint closed_month_unique unique (tenant_id, month),
  constraint closed_month_first_day check (extract(day from month) = 1),
  constraint closed_month_range check (month between '2000-01-01' and '2100-12-31')
);

-- ── imports: one row per file that was confirmed; its rows stand on the trail ───────────────
create table zixly.imports (
  tenant_id        text collate "C" not null default app.tenant_id(),
  id               text collate "C" not null default app.new_id('imp'),
  kind             text not null,
  file_name        text not null,
  checksum         text not null,
  added            integer not null,
  changed          integer not null,
  unchanged        integer not null,
  rejected         integer not null,
  left_out         integer not null,
  sums             jsonb not null default '[]',
  imported_by      text collate "C" default app.user_id(),
  imported_by_name text default app.my_name(),
  -- The transaction, by its number and its time: the trail's entries of it belong to this import.
  transaction_id   xid8 not null default pg_current_xact_id(),
  undone_at        timestamptz,
  undone_by_name   text,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint import_kind_known check (kind in ('CLIENTS', 'FINANCIALS', 'LEAD_EVENTS', 'CUSTOM_METRICS')),
  constraint import_file_name_length check (char_length(file_name) between 1 and 255),
  constraint import_checksum_form check (checksum ~ '^[0-9a-f]{64}$'),
  constraint import_counts check (least(added, changed, unchanged, rejected, left_out) >= 0)
);
create index imports_by_transaction on zixly.imports (tenant_id, transaction_id);
create index imports_by_time on zixly.imports (tenant_id, created_at);

-- ── import mappings: what the columns of a file with this header meant last time ────────────
create table zixly.import_mappings (
  tenant_id  text collate "C" not null default app.tenant_id(),
  id         text collate "C" not null default app.new_id('map'),
  kind       text not null,
  -- SHA-256 of the column names.
  header     text not null,
  mapping    jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint import_mapping_unique unique (tenant_id, kind, header),
  constraint import_mapping_kind_known check (kind in ('CLIENTS', 'FINANCIALS', 'LEAD_EVENTS', 'CUSTOM_METRICS')),
  constraint import_mapping_header_form check (header ~ '^[0-9a-f]{64}$'),
  constraint import_mapping_size check (pg_column_size(mapping) <= 262144)
);

-- ── the trail says which import a change belongs to ─────────────────────────────────────────
-- (Its reference to tenants goes: checking it for each entry took a third of an import's time, and only
-- functions that know the tenant write here. What a reference does at a tenant's end, a trigger does.)
alter table zixly.audit_log add column import_id text collate "C", drop constraint audit_log_tenant_id_fkey;
create index audit_log_by_import on zixly.audit_log (tenant_id, import_id) where import_id is not null;
-- Entries are looked for by person where somebody is deleted, and within a quarter of an hour: the index by
-- time serves that. Each entry paid for this one.
drop index zixly.audit_log_by_person;
