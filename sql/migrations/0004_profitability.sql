-- Profitability: sums kept by month, exchange rates, findings put away, views saved, notes on dates.

-- ── financial months: what a client's records of a month add up to, kept by triggers ────────
-- A month whose records are all gone keeps its row, with no records and no amounts.
create table zixly.financial_months (
  tenant_id     text collate "C" not null,
  id            text collate "C" not null default app.new_id('fmo'),
  client_kpi_id text collate "C" not null,
  month         date not null,
  revenue       numeric(20, 2) not null,
  expenses      numeric(20, 2) not null,
  records       bigint not null,
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, client_kpi_id) references zixly.client_kpis (tenant_id, id) on delete cascade,
  constraint financial_month_unique unique (tenant_id, client_kpi_id, month)
);
-- Covering: a period of whole months is answered from the index alone.
create index financial_months_by_month on zixly.financial_months (tenant_id, month)
  include (client_kpi_id, revenue, expenses, records);

-- What is on record already. (Forced policies hide it from the owner; policies.sql forces them again.)
alter table zixly.financials no force row level security;
insert into zixly.financial_months (tenant_id, id, client_kpi_id, month, revenue, expenses, records)
select
  m.tenant_id,
  app.new_id('fmo') as id,
  m.client_kpi_id,
  m.month,
  sum(m.revenue) as revenue,
  sum(m.expenses) as expenses,
  count(*) as records
from (
  select
    f.tenant_id,
    f.client_kpi_id,
    date_trunc('month', f.record_date::timestamp)::date as month,
    f.revenue,
    f.expenses
  from zixly.financials as f
) as m
group by m.tenant_id, m.client_kpi_id, m.month;
alter table zixly.financials force row level security;

-- ── exchange rates: what one unit of a currency was worth in another, month by month ────────
create table zixly.exchange_rates (
  tenant_id     text collate "C" not null default app.tenant_id(),
  id            text collate "C" not null default app.new_id('rate'),
  month         date not null,
  currency      text not null,
  into_currency text not null,
  rate          numeric(18, 8) not null,
  source_system text not null default 'manual',
  version       integer not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint exchange_rate_unique unique (tenant_id, month, currency, into_currency),
  constraint exchange_rate_first_day check (extract(day from month) = 1),
  constraint exchange_rate_range check (month between '2000-01-01' and '2100-12-31'),
  constraint exchange_rate_currency_form check (currency ~ '^[A-Z]{3}$' and into_currency ~ '^[A-Z]{3}$'),
  constraint exchange_rate_two_currencies check (currency <> into_currency),
  constraint exchange_rate_positive check (rate > 0 and rate <= 1000000000),
  constraint exchange_rate_source_length check (char_length(source_system) between 1 and 50)
);

-- ── finding dismissals: "this is fine", with a reason ───────────────────────────────────────
-- `subject` says which finding of the kind about the client: a lead, a month, or nothing.
create table zixly.finding_dismissals (
  tenant_id         text collate "C" not null default app.tenant_id(),
  id                text collate "C" not null default app.new_id('dis'),
  kind              text not null,
  client_kpi_id     text collate "C" not null,
  subject           text not null default '',
  reason            text not null,
  dismissed_by      text collate "C" default app.user_id(),
  dismissed_by_name text default app.my_name(),
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint finding_dismissal_client foreign key (tenant_id, client_kpi_id)
    references zixly.client_kpis (tenant_id, id) on delete cascade,
  constraint finding_dismissal_unique unique (tenant_id, client_kpi_id, kind, subject),
  constraint finding_dismissal_kind_form check (kind ~ '^[A-Z][A-Z_]{0,39}$'),
  constraint finding_dismissal_subject_length check (char_length(subject) <= 200),
  constraint finding_dismissal_reason_length check (char_length(reason) between 1 and 500)
);

-- ── saved views: a person's own filters of a page, by name ──────────────────────────────────
create table zixly.saved_views (
  tenant_id  text collate "C" not null default app.tenant_id(),
  id         text collate "C" not null default app.new_id('view'),
  user_id    text collate "C" not null default app.user_id(),
  page       text not null,
  name       text not null,
  -- What stands behind the page in the address: period=2024-Q1&status=ACTIVE
  filters    text not null,
  is_default boolean not null default false,
  version    integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint saved_view_user foreign key (tenant_id, user_id)
    references zixly.users (tenant_id, id) on delete cascade,
  constraint saved_view_unique unique (tenant_id, user_id, page, name),
  constraint saved_view_page_form check (page ~ '^[a-z][a-z-]{0,39}$'),
  constraint saved_view_name_length check (char_length(name) between 1 and 60),
  constraint saved_view_filters_length check (char_length(filters) <= 2000)
);
create unique index saved_view_default_unique on zixly.saved_views (tenant_id, user_id, page) where is_default;

-- ── date notes: what happened on a day, said on the charts ──────────────────────────────────
create table zixly.date_notes (
  tenant_id       text collate "C" not null default app.tenant_id(),
  id              text collate "C" not null default app.new_id('note'),
  day             date not null,
  -- Of all clients where it is null.
  client_kpi_id   text collate "C",
  words           text not null,
  written_by_name text default app.my_name(),
  version         integer not null default 1,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade,
  constraint date_note_client foreign key (tenant_id, client_kpi_id)
    references zixly.client_kpis (tenant_id, id) on delete cascade,
  constraint date_note_date_range check (day between '2000-01-01' and '2100-12-31'),
  constraint date_note_words_length check (char_length(words) between 1 and 200)
);
create index date_notes_by_day on zixly.date_notes (tenant_id, day);
