-- The tables: those of the business (tenants, users, clients and what is recorded about them) and
-- those around them (stages, metric definitions, sessions, invitations, audit).
--
-- Rules, each enforced by a test over the catalogue:
--   * every tenant-owned table has tenant_id, first in every key and index, never changed;
--   * keys are (tenant_id, id); references are composite, for foreign-key checks bypass RLS;
--   * uniqueness is per tenant, except users.email;
--   * text with a CHECK instead of enums: enum comparison is not leakproof, and under RLS only
--     leakproof operators may use an index;
--   * ids are ours, text in the C collation, time-ordered;
--   * every CHECK and UNIQUE constraint is named, and zixly_data has a sentence for each name.

-- ── tenants ─────────────────────────────────────────────────────────────────────────────────
create table zixly.tenants (
  id                         text collate "C" primary key,
  name                       text not null,
  industry                   text,
  time_zone                  text not null default 'Australia/Brisbane',
  reporting_currency         text not null default 'AUD',
  financial_year_start_month smallint not null default 7,
  version                    integer not null default 1,
  created_at                 timestamptz not null default now(),
  updated_at                 timestamptz not null default now(),
  -- The signed context separates its parts with a bar.
  constraint tenant_id_form check (id ~ '^[A-Za-z0-9._-]{1,64}$'),
  constraint tenant_name_length check (char_length(name) between 1 and 200),
  constraint tenant_industry_length check (char_length(industry) <= 200),
  constraint tenant_time_zone_length check (char_length(time_zone) between 1 and 64),
  constraint tenant_currency_form check (reporting_currency ~ '^[A-Z]{3}$'),
  constraint tenant_financial_year_month check (financial_year_start_month between 1 and 12)
);

-- ── users: the tenant's team ────────────────────────────────────────────────────────────────
create table zixly.users (
  tenant_id     text collate "C" not null default app.tenant_id(),
  id            text collate "C" not null default app.new_id('user'),
  email         text not null,
  full_name     text not null,
  role          text not null default 'VIEWER',
  status        text not null default 'ACTIVE',
  password_hash text,
  version       integer not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint user_id_form check (id ~ '^[A-Za-z0-9._-]{1,64}$'),
  constraint user_email_form check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and char_length(email) <= 254),
  constraint user_name_length check (char_length(full_name) between 1 and 200),
  constraint user_role_known check (role in ('VIEWER', 'EDITOR', 'ADMIN')),
  constraint user_status_known check (status in ('ACTIVE', 'INACTIVE'))
);
-- One user, one tenant: the only uniqueness that reaches over tenants.
create unique index user_email_unique on zixly.users (lower(email));

-- ── sessions: who is signed in; the secret's hash alone ─────────────────────────────────────
create table zixly.sessions (
  tenant_id    text collate "C" not null,
  id           text collate "C" not null default app.new_id('ses'),
  user_id      text collate "C" not null,
  secret_hash  bytea not null,
  kind         text not null,
  address      text,
  user_agent   text,
  created_at   timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  idle_limit   interval not null,
  expires_at   timestamptz not null,
  revoked_at   timestamptz,
  updated_at   timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references zixly.users (tenant_id, id) on delete cascade,
  constraint session_kind_known check (kind in ('BROWSER', 'OPERATOR'))
);
-- Found before the tenant is known: 256 random bits, so no tenant learns of another by it.
create unique index session_secret_unique on zixly.sessions (secret_hash);
create index sessions_of_user on zixly.sessions (tenant_id, user_id);

-- ── invitations ─────────────────────────────────────────────────────────────────────────────
create table zixly.invitations (
  tenant_id    text collate "C" not null default app.tenant_id(),
  id           text collate "C" not null default app.new_id('inv'),
  email        text not null,
  role         text not null,
  token_hash   bytea not null,
  invited_by   text collate "C" not null default app.user_id(),
  expires_at   timestamptz not null default now() + interval '7 days',
  accepted_at  timestamptz,
  withdrawn_at timestamptz,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint invitation_token_unique unique (tenant_id, token_hash),
  constraint invitation_email_form check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and char_length(email) <= 254),
  constraint invitation_role_known check (role in ('VIEWER', 'EDITOR', 'ADMIN'))
);

-- ── clients: the businesses the tenant serves ───────────────────────────────────────────────
create table zixly.client_kpis (
  tenant_id   text collate "C" not null default app.tenant_id(),
  id          text collate "C" not null default app.new_id('ckpi'),
  client_id   text not null,
  client_name text not null,
  industry    text,
  currency    text not null default 'AUD',
  status      text not null default 'ACTIVE',
  version     integer not null default 1,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint client_external_id_unique unique (tenant_id, client_id),
  constraint client_external_id_length check (char_length(client_id) between 1 and 100),
  constraint client_name_length check (char_length(client_name) between 1 and 200),
  constraint client_industry_length check (char_length(industry) between 1 and 100),
  constraint client_currency_form check (currency ~ '^[A-Z]{3}$'),
  constraint client_status_known check (status in ('ACTIVE', 'COMPLETED'))
);

-- ── financials: what a client earned and cost, in the client's currency ─────────────────────
create table zixly.financials (
  tenant_id     text collate "C" not null default app.tenant_id(),
  id            text collate "C" not null default app.new_id('fin'),
  client_kpi_id text collate "C" not null,
  record_date   date not null,
  revenue       numeric(14, 2) not null,
  expenses      numeric(14, 2) not null,
  profit        numeric(15, 2) generated always as (revenue - expenses) stored,
  source_system text not null default 'manual',
  external_id   text,
  note          text,
  version       integer not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint financial_client foreign key (tenant_id, client_kpi_id)
    references zixly.client_kpis (tenant_id, id) on delete cascade,
  constraint financial_source_unique unique (tenant_id, source_system, external_id),
  constraint financial_date_range check (record_date between '2000-01-01' and '2100-12-31'),
  constraint financial_note_length check (char_length(note) <= 2000),
  constraint financial_source_length check (char_length(source_system) between 1 and 50),
  constraint financial_external_id_length check (char_length(external_id) between 1 and 200)
);
-- Covering: the profitability of a period is answered from the index alone.
create index financials_by_date on zixly.financials (tenant_id, record_date)
  include (client_kpi_id, revenue, expenses);
create index financials_by_client on zixly.financials (tenant_id, client_kpi_id, record_date);

-- ── lead stages and lead events ─────────────────────────────────────────────────────────────
create table zixly.lead_stages (
  tenant_id  text collate "C" not null default app.tenant_id(),
  id         text collate "C" not null default app.new_id('stage'),
  stage      text not null,
  position   smallint not null,
  status     text not null,
  version    integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint lead_stage_unique unique (tenant_id, stage),
  constraint lead_stage_status_unique unique (tenant_id, stage, status),
  constraint lead_stage_length check (char_length(stage) between 1 and 100),
  constraint lead_stage_position check (position between 1 and 99),
  constraint lead_stage_status_known check (status in ('OPEN', 'WON', 'LOST'))
);

create table zixly.lead_events (
  tenant_id     text collate "C" not null default app.tenant_id(),
  id            text collate "C" not null default app.new_id('lev'),
  client_kpi_id text collate "C" not null,
  lead_id       text not null,
  stage         text not null,
  status        text not null,
  event_date    date not null,
  value         numeric(14, 2),
  source_system text not null default 'manual',
  external_id   text,
  note          text,
  version       integer not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint lead_event_client foreign key (tenant_id, client_kpi_id)
    references zixly.client_kpis (tenant_id, id) on delete cascade,
  -- The stage brings its status (open, won, lost) along, so that the two never disagree.
  constraint lead_event_stage foreign key (tenant_id, stage, status)
    references zixly.lead_stages (tenant_id, stage, status) on update cascade,
  constraint lead_event_source_unique unique (tenant_id, source_system, external_id),
  constraint lead_event_lead_length check (char_length(lead_id) between 1 and 100),
  constraint lead_event_date_range check (event_date between '2000-01-01' and '2100-12-31'),
  constraint lead_event_value_positive check (value >= 0),
  constraint lead_event_note_length check (char_length(note) <= 2000),
  constraint lead_event_source_length check (char_length(source_system) between 1 and 50),
  constraint lead_event_external_id_length check (char_length(external_id) between 1 and 200)
);
create index lead_events_by_date on zixly.lead_events (tenant_id, event_date);
create index lead_events_by_client on zixly.lead_events (tenant_id, client_kpi_id, lead_id, event_date);

-- ── metric definitions and custom metrics ───────────────────────────────────────────────────
create table zixly.metric_definitions (
  tenant_id   text collate "C" not null default app.tenant_id(),
  id          text collate "C" not null default app.new_id('mdef'),
  metric_name text not null,
  unit        text not null,
  kind        text not null default 'NUMBER',
  direction   text not null default 'UP',
  target      numeric(14, 4),
  out_of      numeric(14, 4),
  version     integer not null default 1,
  created_at  timestamptz not null default now(),
  updated_at  timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint metric_definition_unique unique (tenant_id, metric_name),
  constraint metric_definition_unit_unique unique (tenant_id, metric_name, unit),
  constraint metric_name_length check (char_length(metric_name) between 1 and 100),
  constraint metric_unit_length check (char_length(unit) between 1 and 40),
  constraint metric_kind_known check (kind in ('NUMBER', 'PERCENT', 'RATING', 'YES_NO', 'COUNT', 'DURATION')),
  constraint metric_direction_known check (direction in ('UP', 'DOWN')),
  constraint metric_rating_scale check ((kind = 'RATING') = (out_of is not null) and (out_of > 0) is not false)
);

create table zixly.custom_metrics (
  tenant_id     text collate "C" not null default app.tenant_id(),
  id            text collate "C" not null default app.new_id('met'),
  client_kpi_id text collate "C" not null,
  metric_name   text not null,
  metric_value  numeric(14, 4) not null,
  unit          text not null,
  record_date   date not null,
  source_system text not null default 'manual',
  external_id   text,
  note          text,
  version       integer not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint custom_metric_client foreign key (tenant_id, client_kpi_id)
    references zixly.client_kpis (tenant_id, id) on delete cascade,
  constraint custom_metric_definition foreign key (tenant_id, metric_name, unit)
    references zixly.metric_definitions (tenant_id, metric_name, unit) on update cascade,
  constraint custom_metric_source_unique unique (tenant_id, source_system, external_id),
  constraint custom_metric_date_range check (record_date between '2000-01-01' and '2100-12-31'),
  constraint custom_metric_note_length check (char_length(note) <= 2000),
  constraint custom_metric_source_length check (char_length(source_system) between 1 and 50),
  constraint custom_metric_external_id_length check (char_length(external_id) between 1 and 200)
);
create index custom_metrics_by_client on zixly.custom_metrics (tenant_id, client_kpi_id, metric_name, record_date);
create index custom_metrics_by_date on zixly.custom_metrics (tenant_id, record_date);

-- ── integrations: Xero, HubSpot ─────────────────────────────────────────────────────────────
create table zixly.integrations (
  tenant_id      text collate "C" not null default app.tenant_id(),
  id             text collate "C" not null default app.new_id('int'),
  kind           text not null,
  status         text not null default 'DISCONNECTED',
  credentials    bytea,
  last_synced_at timestamptz,
  version        integer not null default 1,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint integration_unique unique (tenant_id, kind),
  constraint integration_kind_known check (kind in ('XERO', 'HUBSPOT')),
  constraint integration_status_known check (status in ('CONNECTED', 'DISCONNECTED', 'FAILING'))
);

-- ── audit: what changed, written by the database itself ─────────────────────────────────────
create table zixly.audit_log (
  tenant_id  text collate "C" not null,
  id         text collate "C" not null default app.new_id('aud'),
  at         timestamptz not null default clock_timestamp(),
  user_id    text collate "C",
  action     text not null,
  table_name text not null,
  row_id     text collate "C",
  before     jsonb,
  after      jsonb,
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint audit_action_known check (action in ('INSERT', 'UPDATE', 'DELETE'))
);
create index audit_log_of_row on zixly.audit_log (tenant_id, table_name, row_id);

-- ── private: the signing key, sign-in tickets and attempts; no application role reads them ──
create table app_private.signing_key (
  only_row  boolean primary key default true check (only_row),
  inner_pad bytea not null,
  outer_pad bytea not null
);
create table app_private.sign_in_tickets (
  ticket_hash bytea primary key,
  tenant_id   text collate "C" not null,
  user_id     text collate "C" not null,
  expires_at  timestamptz not null
);
create table app_private.sign_in_failures (
  id      bigint generated always as identity primary key,
  email   text not null,
  address text not null,
  at      timestamptz not null default clock_timestamp()
);
create index sign_in_failures_by_email on app_private.sign_in_failures (email, at);
create index sign_in_failures_by_address on app_private.sign_in_failures (address, at);

create table app_private.replayed (
  only_row    boolean primary key default true check (only_row),
  fingerprint text not null
);

-- The gatekeeper makes its key itself.
grant select, insert on app_private.signing_key to zixly_gatekeeper;
select app_private.make_signing_key();
