"""Pages of the account: log in, change the password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy

from evenhand.web.accounts.demo import DEMO_PASSWORD
from evenhand.web.accounts.forms import LoginForm, PasswordForm
from evenhand.web.accounts.models import Profile
from evenhand.web.accounts.scope import scope_for
from evenhand.web.audit.models import Act, Event

__all__ = ["Login", "Password"]


class Login(views.LoginView):
    """Login page; in the demo it lists the accounts."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        """Send whoever sees no data but administers accounts to the administration, everyone else home."""
        user = self.request.user
        return reverse("admin:index") if user.is_staff and scope_for(user) is None else super().get_default_redirect_url()

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Add the demo accounts, if there are any."""
        demo = Profile.objects.filter(is_demo=True, user__is_active=True).select_related("user").order_by("pk")
        return super().get_context_data(demo=demo, demo_password=DEMO_PASSWORD, **kwargs)


class Password(views.PasswordChangeView):
    """Change one's own password."""

    template_name = "accounts/password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Store the new password with its event."""
        Event.witness(self.request, user=self.request.user, act=Act.PASSWORD)
        messages.success(self.request, "密码已修改。")
        return super().form_valid(form)
