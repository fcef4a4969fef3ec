-- Notes on clients: what the team wants to remember about a business.
alter table zixly.client_kpis
  add column note text,
  add constraint client_note_length check (char_length(note) <= 2000);
