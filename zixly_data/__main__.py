"""`python -m zixly_data COMMAND`: see `zixly_data.cli`."""

from zixly_data.cli import main

if __name__ == "__main__":
    main()
