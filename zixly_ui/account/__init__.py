"""Account: signing in, links from mail, and a person's own account.

sign_in              the sign-in form
sign_in_frame        the frame around forms for people not signed in
second_factor_step   the code after the password
second_factor_setup  setting up a second factor
organisation_setup   the form that names a new organisation
link_pages           pages behind links
link_text            texts for links that no longer work
my_account           password, second factor and sessions
account_text         their texts
devices              a browser's name from its user agent
submit_form          a form posted to one of our routes

Stands on components.
"""
