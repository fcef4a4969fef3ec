"""Exports of time trackers, each with the columns that the program writes. Names are made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

YES_NO: Mapping[str, str] = {"yes": "COUNT", "no": "LEAVE_OUT"}
JA_NEIN: Mapping[str, str] = {"ja": "COUNT", "nein": "LEAVE_OUT"}


@dataclass(frozen=True)
class Timesheet:
    """An export with the columns that Zixly should read, and the billable hours of Harbour by day.

    `answers` are those for its billable column, by normalised heading.
    """

    text: str
    columns: Mapping[str, str]
    hours: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


TOGGL = Timesheet(
    "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,"
    "Duration,Tags,Amount ()\n"
    "Ann,ann@example.com,Harbour,Site,,Home page,Yes,2024-03-14,09:00:00,2024-03-14,10:30:00,"
    "01:30:00,,\n"
    "Bob,bob@example.com,Harbour,Site,,Menu,Yes,2024-03-14,11:00:00,2024-03-14,11:20:00,"
    "00:20:00,,\n"
    "Ann,ann@example.com,Harbour,Site,,Call,No,2024-03-14,13:00:00,2024-03-14,14:00:00,"
    "01:00:00,,\n",
    {
        "client_name": "Client", "project": "Project", "date": "Start date",
        "metric_value": "Duration", "note": "Description",
    },
    {"2024-03-14": ("0.3333", "1.5")},
    {"billable": YES_NO},
)  # fmt: skip
TOGGL_DE = Timesheet(
    "Benutzer,E-Mail,Kunde,Projekt,Aufgabe,Beschreibung,Abrechenbar,Startdatum,Startzeit,Enddatum,"
    "Endzeit,Dauer,Tags,Betrag ()\n"
    "Ann,ann@example.com,Harbour,Seite,,Start,Ja,2024-03-14,09:00:00,2024-03-14,10:30:00,01:30:00,"
    ",\n"
    "Ann,ann@example.com,Harbour,Seite,,Anruf,Nein,2024-03-14,13:00:00,2024-03-14,14:00:00,"
    "01:00:00,,\n",
    {
        "client_name": "Kunde", "project": "Projekt", "date": "Startdatum",
        "metric_value": "Dauer", "note": "Beschreibung",
    },
    {"2024-03-14": ("1.5",)},
    {"abrechenbar": JA_NEIN},
)  # fmt: skip
# Toggl Track's newer download: no clients, a dash for what is empty.
TOGGL_2 = Timesheet(
    '"Description","Billable","Duration","Member","Email","Project","Tags","Start date",'
    '"Start time","Stop date","Stop time"\n'
    '"Home page","Yes","1:30:00","Ann","ann@example.com","Harbour","-","2024-03-14","09:00:00",'
    '"2024-03-14","10:30:00"\n'
    '"Post","No","0:15:00","Ann","ann@example.com","-","-","2024-03-14","11:00:00","2024-03-14",'
    '"11:15:00"\n',
    {
        "project": "Project", "date": "Start date", "metric_value": "Duration",
        "note": "Description",
    },
    {"2024-03-14": ("1.5",)},
    {"billable": YES_NO},
)  # fmt: skip
CLOCKIFY = Timesheet(
    "Project,Client,Description,Task,User,Group,Email,Tags,Billable,Start Date,Start Time,End Date,"
    "End Time,Duration (h),Duration (decimal),Billable Rate (USD),Billable Amount (USD)\n"
    "Site,Harbour,Home page,,Ann,,ann@example.com,,Yes,03/14/2024,02:00 PM,03/14/2024,03:20 PM,"
    "01:20:00,1.33,90.00,120.00\n"
    "Site,Harbour,Lunch,,Ann,,ann@example.com,,No,03/15/2024,12:00 PM,03/15/2024,01:00 PM,01:00:00,"
    "1.00,0.00,0.00\n",
    {
        "client_name": "Client", "project": "Project", "date": "Start Date",
        "metric_value": "Duration (h)", "note": "Description",
    },
    {"2024-03-14": ("1.3333",)},
    {"billable": YES_NO},
)  # fmt: skip
CLOCKIFY_DE = Timesheet(
    "Projekt,Kunde,Beschreibung,Aufgabe,Kiosk,Benutzer,Gruppe,Email,Tags,Abrechenbar,Startdatum,"
    "Startzeit,Enddatum,Endzeit,Dauer (h),Dauer (dezimal),Abrechenbarer Tarif (CHF),"
    "Rechnungsbetrag (CHF)\n"
    'Seite,Harbour,Start,,,Ann,,ann@example.com,,Ja,14.03.2024,09:00,14.03.2024,10:20,01:20:00,'
    '"1,33",90,120\n'
    'Seite,Harbour,Post,,,Ann,,ann@example.com,,Nein,15.03.2024,09:00,15.03.2024,10:00,01:00:00,'
    '"1,00",0,0\n',
    {
        "client_name": "Kunde", "project": "Projekt", "date": "Startdatum",
        "metric_value": "Dauer (h)", "note": "Beschreibung",
    },
    {"2024-03-14": ("1.3333",)},
    {"abrechenbar": JA_NEIN},
)  # fmt: skip
KIMAI = Timesheet(
    "Date,From,To,Duration,Currency,Total price,Hourly price,Fixed price,Name,User,E-Mail,Customer,"
    "Project,Activity,Description,Exported,Billable,Tags,Type,Category\n"
    "2024-03-14,09:00,11:15,2:15,EUR,202.50,90.00,,Ann A,ann,ann@example.com,Harbour,Site,Design,"
    "Home page,No,Yes,,timesheet,work\n"
    "2024-03-14,12:00,13:00,1:00,EUR,0.00,0.00,,Ann A,ann,ann@example.com,Harbour,Site,Calls,,No,"
    "No,,timesheet,work\n",
    {
        "client_name": "Customer", "project": "Project", "date": "Date",
        "metric_value": "Duration", "note": "Description",
    },
    {"2024-03-14": ("2.25",)},
    {"billable": YES_NO},
)  # fmt: skip
KIMAI_DE = Timesheet(
    "Datum;Von;Bis;Dauer;Währung;Preis;Stundenlohn;Name;Benutzer;Kunde;Projekt;Tätigkeit;"
    "Beschreibung;Exportiert;Abrechenbar;Schlagworte\n"
    "14.03.2024;09:00;11:15;2,25;EUR;202,50;90,00;Ann A;ann;Harbour;Seite;Entwurf;Start;Nein;Ja;\n"
    "14.03.2024;12:00;13:00;1,0;EUR;0,00;0,00;Ann A;ann;Harbour;Seite;Anruf;;Nein;Nein;\n",
    {
        "client_name": "Kunde", "project": "Projekt", "date": "Datum", "metric_value": "Dauer",
        "note": "Beschreibung",
    },
    {"2024-03-14": ("2.25",)},
    {"abrechenbar": JA_NEIN},
)  # fmt: skip
HARVEST = Timesheet(
    "Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,Approved?,First Name,"
    "Last Name,Roles,Employee?,Billable Rate,Billable Amount,Cost Rate,Cost Amount,Currency,"
    "External Reference URL\n"
    "2024-03-14,Harbour,Site,,Design,,2.0,Yes,Yes,Yes,Ann,A,,Yes,150.00,300.00,60.00,120.00,"
    "Australian Dollar - AUD,\n"
    "2024-03-14,Harbour,Site,,Design,,2.0,Yes,Yes,Yes,Bob,B,,Yes,150.00,300.00,60.00,120.00,"
    "Australian Dollar - AUD,\n"
    "2024-03-15,Harbour,Site,,Calls,,1.5,No,No,Yes,Ann,A,,Yes,150.00,0.00,60.00,90.00,"
    "Australian Dollar - AUD,\n"
    "2024-03-15,,Internal,,Admin,,4.0,No,No,Yes,Ann,A,,Yes,0.00,0.00,60.00,240.00,"
    "Australian Dollar - AUD,\n",
    {
        "client_name": "Client", "project": "Project", "date": "Date", "metric_value": "Hours",
        "note": "Notes",
    },
    {"2024-03-14": ("2", "2")},
    {"billable": YES_NO},
)  # fmt: skip
HARVEST_DE = Timesheet(
    "Datum;Kunde;Projekt;Projektcode;Aufgabe;Notizen;Stunden;Abrechenbar?;In Rechnung gestellt?;"
    "Vorname;Nachname;Abrechenbarer Satz;Abrechenbarer Betrag;Kostensatz;Kostenbetrag;Währung\n"
    "14.03.2024;Harbour;Seite;;Entwurf;;2,5;Ja;Nein;Ann;A;150,00;375,00;60,00;150,00;EUR\n"
    "15.03.2024;Harbour;Seite;;Anruf;;1,0;Nein;Nein;Ann;A;150,00;0,00;60,00;60,00;EUR\n",
    {
        "client_name": "Kunde", "project": "Projekt", "date": "Datum", "metric_value": "Stunden",
        "note": "Notizen",
    },
    {"2024-03-14": ("2.5",)},
    {"abrechenbar": JA_NEIN},
)  # fmt: skip
# Two more of the kind, with units in words, and minutes.
TIMECAMP = Timesheet(
    "Date,People,Project,Task,Note,Start,End,Duration,Billable\n"
    "2024-03-14,Ann,Harbour,Design,Home page,09:00,10:30,1h 30m,Yes\n"
    "2024-03-15,Ann,Harbour,Design,Menu,09:00,09:45,45 min,Yes\n",
    {"project": "Project", "date": "Date", "metric_value": "Duration", "note": "Note"},
    {"2024-03-14": ("1.5",), "2024-03-15": ("0.75",)},
)
API = Timesheet(
    "customer,project,begin,end,duration (seconds),user,billable,description\n"
    "Harbour,Site,2024-03-13T22:30:00Z,2024-03-14T00:00:00Z,5400,ann,1,Home page\n"
    "Harbour,Site,2024-03-14T13:59:00Z,2024-03-14T14:29:00Z,1800,ann,1,Menu\n"
    "Harbour,Site,2024-03-14T14:00:00Z,2024-03-14T15:00:00Z,3600,ann,0,Post\n",
    {
        "client_name": "customer", "project": "project", "date": "begin",
        "metric_value": "duration (seconds)", "note": "description",
    },
    {"2024-03-14": ("0.5", "1.5")},
    {"billable": {"1": "COUNT", "0": "LEAVE_OUT"}},
)  # fmt: skip
TIMESHEETS = {
    "Toggl": TOGGL,
    "Toggl in German": TOGGL_DE,
    "Toggl's newer download": TOGGL_2,
    "Clockify": CLOCKIFY,
    "Clockify in German": CLOCKIFY_DE,
    "Kimai": KIMAI,
    "Kimai in German": KIMAI_DE,
    "Harvest": HARVEST,
    "Harvest in German": HARVEST_DE,
    "TimeCamp": TIMECAMP,
    "Kimai's API": API,
}
